package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// recordParts are the files of one record by their endings.
type recordParts map[string][]byte

var partNames = []string{"header", "signature", "proof", "body", "salt", "sealed", "key"}

// header is what of a record's signed bytes the other checks need.
type header struct {
	padded             int
	commitment, sealed []byte
}

var partyName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

func (m *mechanism) openHeader(log logID, index int64, data []byte) (*header, error) {
	rows, ok := lines(string(data))
	if !ok || len(rows) < 10 || rows[0] != "parley record v1" {
		return nil, errors.New("not a record")
	}
	fixed := []string{
		"mechanism " + m.id, "author " + log.party, fmt.Sprintf("index %d", index),
	}
	for i, row := range fixed {
		if rows[i+1] != row {
			return nil, errors.New("misplaced")
		}
	}
	audience, ok := after(rows[4], "audience")
	last := ""
	for _, id := range strings.Split(audience, ",") {
		if m.party(id) == nil || id <= last {
			return nil, errors.New("audience")
		}
		last = id
	}
	version, isVersion := after(rows[5], "terms")
	if _, isNumber := number(version); !ok || !isVersion || !isNumber {
		return nil, errors.New("terms")
	}
	last = ""
	at := 6
	for ; at < len(rows); at++ {
		text, isSeen := after(rows[at], "seen")
		if !isSeen {
			break
		}
		parts := strings.Split(text, " ")
		if len(parts) != 3 || !partyName.MatchString(parts[0]) || parts[0] <= last || m.party(parts[0]) == nil {
			return nil, errors.New("seen")
		}
		_, isNumber := number(parts[1])
		if _, isHash := hexHash(parts[2]); !isNumber || !isHash {
			return nil, errors.New("seen")
		}
		last = parts[0]
	}
	if len(rows) != at+4 || rows[at] != "relay ordinary" && rows[at] != "relay urgent" {
		return nil, errors.New("lines")
	}
	padded, ok1 := after(rows[at+1], "padded")
	commitment, ok2 := after(rows[at+2], "commitment")
	sealed, ok3 := after(rows[at+3], "sealed")
	length, isNumber := number(padded)
	h := &header{padded: int(length)}
	var isHash1, isHash2 bool
	h.commitment, isHash1 = hexHash(commitment)
	h.sealed, isHash2 = hexHash(sealed)
	if !ok1 || !ok2 || !ok3 || !isNumber || !isHash1 || !isHash2 {
		return nil, errors.New("lines")
	}
	return h, nil
}

func (m *mechanism) checkRecord(log logID, index int64, parts recordParts, newest *head) error {
	var inputs []byte
	inputs = append(inputs, fmt.Sprint(m.state, "\n", log, "\n", index, "\n", newest.plain)...)
	for _, name := range partNames {
		data, there := parts[name]
		if there {
			inputs = append(inputs, fmt.Sprint("\n", name, " ", len(data), "\n")...)
			inputs = append(inputs, data...)
		}
	}
	if m.records[string(inputs)] {
		return nil
	}
	err := m.readRecord(log, index, parts, newest)
	if err == nil && m.learning {
		m.records[string(inputs)] = true
	}
	return err
}

func (m *mechanism) readRecord(log logID, index int64, parts recordParts, newest *head) error {
	h, err := m.openHeader(log, index, parts["header"])
	if err != nil {
		return fmt.Errorf("header: %w", err)
	}
	leaf := index - m.starts[log]
	if leaf < 0 {
		return errors.New("header: below its log")
	}
	if !m.verify(m.keyAt(log, leaf), parts["header"], parts["signature"]) {
		return errors.New("signature")
	}
	if err := checkProof(leaf, parts["proof"], tlog.Hash(m.leaf(parts["header"])), newest); err != nil {
		return fmt.Errorf("proof: %w", err)
	}
	body, isOpen := parts["body"]
	salt, isSalted := parts["salt"]
	if isOpen != isSalted {
		return errors.New("body or salt is missing")
	}
	if isOpen {
		bytes, ok := hashLine(salt)
		if !ok || !m.isCommitment(h.commitment, bytes, body) {
			return errors.New("body: not what the header commits to")
		}
	}
	sealed, isSealed := parts["sealed"]
	key, isKeyed := parts["key"]
	if isSealed != isKeyed {
		return errors.New("sealed or key is missing")
	}
	if isSealed {
		hash := m.sha256(sealed)
		bytes, ok := hashLine(key)
		if !ok || !equal(hash[:], h.sealed) || len(sealed) != h.padded {
			return errors.New("sealed: not what the header names")
		}
		return m.checkSealed(log, index, sealed, bytes, h.commitment)
	}
	return nil
}

// leaf is RFC 6962's hash of a leaf.
func (m *mechanism) leaf(data []byte) [32]byte { return m.sha256(append([]byte{0}, data...)) }

// checkProof: C2SP tlog-proof against the newest head.
func checkProof(index int64, data []byte, leaf tlog.Hash, newest *head) error {
	parts := strings.SplitN(string(data), "\n\n", 2)
	rows := strings.Split(parts[0], "\n")
	if len(parts) != 2 || len(rows) < 2 || rows[0] != "c2sp.org/tlog-proof@v1" ||
		rows[1] != fmt.Sprintf("index %d", index) || parts[1] != newest.plain {
		return errors.New("not a proof against the newest head")
	}
	proof, err := hashes(rows[2:])
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, newest.size, newest.root, index, leaf)
}

func hashLine(data []byte) ([]byte, bool) {
	if len(data) != 65 || data[64] != '\n' {
		return nil, false
	}
	bytes, err := hex.DecodeString(string(data[:64]))
	return bytes, err == nil && hex.EncodeToString(bytes) == string(data[:64])
}

func (m *mechanism) isCommitment(commitment, salt, body []byte) bool {
	hash := m.sha256(bytes.Join([][]byte{[]byte("parley/body-commitment/v1\n"), salt, body}, nil))
	return equal(hash[:], commitment)
}

// checkSealed opens a sealed body by its disclosed content key.
func (m *mechanism) checkSealed(log logID, index int64, sealed, key, commitment []byte) error {
	malformed := errors.New("sealed: malformed")
	if len(sealed) < 2 || sealed[0] != 0x01 {
		return malformed
	}
	rest := sealed[2:]
	for i := 0; i < int(sealed[1]); i++ {
		if len(rest) < 1 || len(rest) < 2+int(rest[0]) {
			return malformed
		}
		length := 1 + int(rest[0]) + 1
		switch rest[length-1] {
		case 0x00:
			length += 8 + 48
		case 0x01:
			length += 1120 + 48
		default:
			return malformed
		}
		if len(rest) < length {
			return malformed
		}
		rest = rest[length:]
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return err
	}
	context := fmt.Sprintf("parley/body/v1\n%s\n%s\n%d", m.id, log, index)
	plain, err := gcm.Open(nil, make([]byte, 12), rest, []byte(context))
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	if len(plain) < 36 {
		return malformed
	}
	length := int(binary.BigEndian.Uint32(plain[32:]))
	if length > len(plain)-36 || len(bytes.Trim(plain[36+length:], "\x00")) != 0 {
		return malformed
	}
	if !m.isCommitment(commitment, plain[:32], plain[36:36+length]) {
		return errors.New("sealed: not what the header commits to")
	}
	return nil
}
