package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// logID is one log of one party.
type logID struct {
	party string
	epoch int64
}

func (l logID) String() string {
	if l.epoch == 0 {
		return l.party
	}
	return fmt.Sprintf("%s/%d", l.party, l.epoch)
}

func (m *mechanism) origin(log logID) string { return "parley/" + m.id + "/" + log.String() }

// verifier is a note.Verifier over remembered facts: of notes (type 0x01) or of cosignatures with a time (0x04).
type verifier struct {
	*facts
	name        string
	hash        uint32
	key         []byte
	cosignature bool
}

func (v *verifier) Name() string    { return v.name }
func (v *verifier) KeyHash() uint32 { return v.hash }

func (v *verifier) Verify(text, signature []byte) bool {
	if !v.cosignature {
		return v.verify(v.key, text, signature)
	}
	// C2SP tlog-cosignature: eight bytes of time, then the signature over time and checkpoint.
	if len(signature) != 72 {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	return seconds <= 253402300799 && v.verify(v.key, []byte(message), signature[8:])
}

func (m *mechanism) noteVerifier(name string, key []byte) *verifier {
	return &verifier{m.facts, name, m.keyID(name, append([]byte{0x01}, key...)), key, false}
}

func (m *mechanism) cosignatureVerifier(name string, key []byte) *verifier {
	return &verifier{m.facts, name, m.keyID(name, append([]byte{0x04}, key...)), key, true}
}

func signatureLine(s note.Signature) string {
	blob, _ := base64.StdEncoding.DecodeString(s.Base64)
	return "\u2014 " + s.Name + " " + base64.StdEncoding.EncodeToString(blob) + "\n"
}

// head is a checkpoint of which every line is verified, but for the ML-DSA-65 line: that is known by its key id.
type head struct {
	size int64
	root tlog.Hash
	// The note without its ML-DSA-65 line.
	plain string
	// Bytes of the note that hold the ML-DSA-65 signature's base64, after the key id.
	exemptFrom, exemptTo int
}

var errHead = errors.New("a signature line is missing, unknown or out of its place")

// openHead takes the author's key of the head's size, or with anyTenure all keys of the log.
func (m *mechanism) openHead(log logID, data []byte, anyTenure bool) (*head, error) {
	inputs := fmt.Sprint(m.state, "\n", log, "\n", anyTenure, "\n", string(data))
	if h, known := m.heads[inputs]; known {
		return h, nil
	}
	h, err := m.readHead(log, data, anyTenure)
	if err == nil && m.learning {
		m.heads[inputs] = h
	}
	return h, err
}

func (m *mechanism) readHead(log logID, data []byte, anyTenure bool) (*head, error) {
	origin := m.origin(log)
	rows := strings.SplitN(string(data), "\n", 5)
	if len(rows) != 5 || rows[0] != origin || rows[3] != "" {
		return nil, errors.New("not a checkpoint of the log")
	}
	size, ok := number(rows[1])
	root, isHash := base64Hash(rows[2])
	if !ok || size < 1 || !isHash {
		return nil, errors.New("not a checkpoint")
	}
	h := &head{size: size, root: tlog.Hash(root)}
	authors := [][]byte{m.keyAt(log, size-1)}
	if anyTenure {
		authors = m.keysOf(log.party, log.epoch)
	}
	var list []note.Verifier
	for _, key := range authors {
		list = append(list, m.noteVerifier(origin, key))
	}
	// The place of each cosigner's line: by holder, then key.
	place := map[[2]string]string{}
	for _, p := range m.parties {
		if p.ID == log.party {
			continue
		}
		for _, key := range m.keysOf(p.ID, -1) {
			v := m.cosignatureVerifier("parley/"+p.ID, key)
			list = append(list, v)
			place[[2]string{v.name, fmt.Sprint(v.hash)}] = p.ID + "\x00" + string(key)
		}
	}
	n, err := note.Open(data, note.VerifierList(list...))
	if err != nil {
		return nil, err
	}
	var author, postQuantum string
	cosigned := map[string]string{}
	for _, s := range n.Sigs {
		if s.Name == origin {
			if author != "" {
				return nil, errHead
			}
			author = signatureLine(s)
		} else {
			cosigned[place[[2]string{s.Name, fmt.Sprint(s.Hash)}]] = signatureLine(s)
		}
	}
	for _, s := range n.UnverifiedSigs {
		key, known := m.postQuantum[log.party]
		material := append([]byte("\xffparley/ml-dsa-65/v1"), key...)
		blob, _ := base64.StdEncoding.DecodeString(s.Base64)
		if !known || postQuantum != "" || s.Name != origin || s.Hash != m.keyID(origin, material) || len(blob) != 4+3309 {
			return nil, errHead
		}
		postQuantum = signatureLine(s)
	}
	var holders []string
	for holder := range cosigned {
		holders = append(holders, holder)
	}
	sort.Strings(holders)
	cosignatures := ""
	for _, holder := range holders {
		cosignatures += cosigned[holder]
	}
	if author == "" || n.Text+"\n"+author+postQuantum+cosignatures != string(data) {
		return nil, errHead
	}
	h.plain = n.Text + "\n" + author + cosignatures
	if postQuantum != "" {
		h.exemptTo = len(n.Text) + 1 + len(author) + len(postQuantum) - 1
		// The first six characters hold the key id, in part together with the signature's first byte.
		h.exemptFrom = h.exemptTo - base64.StdEncoding.EncodedLen(4+3309) + 5
	}
	return h, nil
}

// openFork checks that an author signed two histories, and gives the bytes of the file that are exempt.
func (m *mechanism) openFork(log logID, data []byte) ([][2]int, error) {
	parts := strings.Split(string(data), "\n\n")
	if len(parts) != 5 {
		return nil, errors.New("not a fork proof")
	}
	header := strings.Split(parts[0], "\n")
	notes := [2]string{parts[1] + "\n\n" + parts[2] + "\n", parts[3] + "\n\n" + parts[4]}
	start := len(parts[0]) + 2
	var heads [2]*head
	var exempt [][2]int
	for i, text := range notes {
		h, err := m.openHead(log, []byte(text), true)
		if err != nil {
			return nil, err
		}
		heads[i] = h
		if h.exemptTo > 0 {
			exempt = append(exempt, [2]int{start + h.exemptFrom, start + h.exemptTo})
		}
		start += len(text) + 1
	}
	first, second := heads[0], heads[1]
	if header[0] != "parley fork v1" {
		return nil, errors.New("not a fork proof")
	}
	if first.size == second.size {
		if len(header) != 1 || string(first.root[:]) >= string(second.root[:]) {
			return nil, errors.New("no fork")
		}
		return exempt, nil
	}
	if first.size > second.size || len(header) < 2 {
		return nil, errors.New("no fork")
	}
	text, ok := after(header[1], "implied")
	implied, isHash := base64Hash(text)
	if !ok || !isHash || tlog.Hash(implied) == first.root {
		return nil, errors.New("no fork")
	}
	proof, err := hashes(header[2:])
	if err != nil {
		return nil, err
	}
	return exempt, tlog.CheckTree(proof, second.size, second.root, first.size, tlog.Hash(implied))
}

func hashes(rows []string) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, row := range rows {
		hash, ok := base64Hash(row)
		if !ok {
			return nil, fmt.Errorf("hash %q", row)
		}
		out = append(out, tlog.Hash(hash))
	}
	return out, nil
}
