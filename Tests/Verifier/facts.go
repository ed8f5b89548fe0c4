package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
)

// facts remembers what pure functions of whole inputs gave. Only learning adds to it, so that workers can share it.
type facts struct {
	learning   bool
	signatures map[string]bool
	hashes     map[string][32]byte
	paths      map[string]place
	terms      map[string][]party
	heads      map[string]*head
	records    map[string]bool
}

func newFacts() *facts {
	return &facts{true, map[string]bool{}, map[string][32]byte{}, map[string]place{}, map[string][]party{},
		map[string]*head{}, map[string]bool{}}
}

func (f *facts) verify(key, message, signature []byte) bool {
	if len(key) != ed25519.PublicKeySize || len(signature) != ed25519.SignatureSize {
		return false
	}
	input := string(key) + string(signature) + string(message)
	if valid, known := f.signatures[input]; known {
		return valid
	}
	valid := ed25519.Verify(key, message, signature)
	if f.learning {
		f.signatures[input] = valid
	}
	return valid
}

func (f *facts) sha256(data []byte) [32]byte {
	if hash, known := f.hashes[string(data)]; known {
		return hash
	}
	hash := sha256.Sum256(data)
	if f.learning {
		f.hashes[string(data)] = hash
	}
	return hash
}

// keyID is the four bytes before a signature in a note: SHA-256(name, newline, type and key).
func (f *facts) keyID(name string, material []byte) uint32 {
	hash := f.sha256(append([]byte(name+"\n"), material...))
	return binary.BigEndian.Uint32(hash[:4])
}

func hexHash(text string) ([]byte, bool) {
	bytes, err := hex.DecodeString(text)
	return bytes, err == nil && len(bytes) == 32 && hex.EncodeToString(bytes) == text
}

func base64Hash(text string) (hash [32]byte, ok bool) {
	bytes, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(bytes) != 32 || base64.StdEncoding.EncodeToString(bytes) != text {
		return hash, false
	}
	copy(hash[:], bytes)
	return hash, true
}

// number reads a decimal without leading zeros, within 2^53.
func number(text string) (int64, bool) {
	value, err := strconv.ParseInt(text, 10, 64)
	return value, err == nil && value >= 0 && value <= 1<<53 && strconv.FormatInt(value, 10) == text
}

// after gives what follows the name and one space.
func after(line, name string) (string, bool) {
	if !strings.HasPrefix(line, name+" ") {
		return "", false
	}
	return line[len(name)+1:], true
}

// lines splits a text of which every line ends in a newline.
func lines(text string) ([]string, bool) {
	if !strings.HasSuffix(text, "\n") {
		return nil, false
	}
	return strings.Split(text[:len(text)-1], "\n"), true
}

func equal(a, b []byte) bool { return string(a) == string(b) }
