package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// party is what the terms say of one party, as far as evidence needs it.
type party struct {
	ID                 string `json:"id"`
	NodeKey            string `json:"nodeKey"`
	PostQuantumKeyHash string `json:"postQuantumKeyHash"`
	Roots              *struct {
		Threshold int      `json:"threshold"`
		Keys      []string `json:"keys"`
	} `json:"roots"`
}

// tenure is a node key from the first leaf that it signs.
type tenure struct {
	epoch, from int64
	key         []byte
}

// mechanism is what every other check rests on: the parties and their keys.
type mechanism struct {
	*facts
	id      string
	parties []party
	tenures map[string][]tenure
	// Index of the first record of each log that an epoch statement began.
	starts map[logID]int64
	// ML-DSA-65 public keys by party.
	postQuantum map[string][]byte
	// Hashes of all that the keys follow from.
	state string
}

func readMechanism(f *facts, files map[string][]byte, id string) (*mechanism, error) {
	terms, there := files["terms.json"]
	hash := f.sha256(terms)
	if !there || hex.EncodeToString(hash[:]) != id {
		return nil, fmt.Errorf("terms.json: another mechanism")
	}
	parties, err := f.parties(terms)
	if err != nil {
		return nil, fmt.Errorf("terms.json: %w", err)
	}
	m := &mechanism{f, id, parties, map[string][]tenure{}, map[logID]int64{}, map[string][]byte{}, id}
	for _, p := range m.parties {
		key, ok := hexHash(p.NodeKey)
		if !ok {
			return nil, fmt.Errorf("terms.json: node key of %s", p.ID)
		}
		m.tenures[p.ID] = []tenure{{0, 0, key}}
	}
	return m, nil
}

func (f *facts) parties(terms []byte) ([]party, error) {
	if parties, known := f.terms[string(terms)]; known {
		return parties, nil
	}
	var document struct {
		Parties []party `json:"parties"`
	}
	if err := json.Unmarshal(terms, &document); err != nil {
		return nil, err
	}
	if f.learning {
		f.terms[string(terms)] = document.Parties
	}
	return document.Parties, nil
}

func (m *mechanism) party(id string) *party {
	for i := range m.parties {
		if m.parties[i].ID == id {
			return &m.parties[i]
		}
	}
	return nil
}

// keyAt is the node key that signs the record at this leaf of this log; nil for a log that nobody began.
func (m *mechanism) keyAt(log logID, leaf int64) []byte {
	var key []byte
	for _, t := range m.tenures[log.party] {
		if t.epoch == log.epoch && t.from <= leaf {
			key = t.key
		}
	}
	return key
}

// keysOf are all node keys of a party, oldest first, each once; of one epoch unless that is negative.
func (m *mechanism) keysOf(id string, epoch int64) [][]byte {
	var keys [][]byte
	for _, t := range m.tenures[id] {
		known := epoch >= 0 && t.epoch != epoch
		for _, k := range keys {
			known = known || equal(k, t.key)
		}
		if !known {
			keys = append(keys, t.key)
		}
	}
	return keys
}

// addPostQuantum takes a key only when the terms name its hash.
func (m *mechanism) addPostQuantum(id string, key []byte) error {
	p := m.party(id)
	hash := m.sha256(key)
	if p == nil || len(key) != 1952 || hex.EncodeToString(hash[:]) != p.PostQuantumKeyHash {
		return fmt.Errorf("keys/%s: not the key that the terms name", id)
	}
	m.postQuantum[id] = key
	m.state += id + string(hash[:])
	return nil
}

// addStatement puts a key in force that enough root keys have signed. Statements come in order of party and sequence.
func (m *mechanism) addStatement(id string, sequence int64, data []byte, last map[string]int64) error {
	path := fmt.Sprintf("statements/%s-%d", id, sequence)
	p := m.party(id)
	if p == nil || p.Roots == nil {
		return fmt.Errorf("%s: no root keys", path)
	}
	name := "parley/" + m.id + "/" + id + "/root"
	var roots []note.Verifier
	for _, text := range p.Roots.Keys {
		key, ok := hexHash(text)
		if !ok {
			return fmt.Errorf("terms.json: root key of %s", id)
		}
		roots = append(roots, m.noteVerifier(name, key))
	}
	n, err := note.Open(data, note.VerifierList(roots...))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	encoded := n.Text + "\n"
	for _, s := range n.Sigs {
		encoded += signatureLine(s)
	}
	if encoded != string(data) || len(n.Sigs) < p.Roots.Threshold {
		return fmt.Errorf("%s: signatures", path)
	}
	rows, ok := lines(n.Text)
	if !ok || len(rows) != 9 && len(rows) != 10 {
		return fmt.Errorf("%s: lines", path)
	}
	names := []string{"mechanism", "party", "sequence", "from", "reason", "node", "tls", "seal"}
	if rows[0] == "parley epoch v1" {
		names = []string{"mechanism", "party", "sequence", "epoch", "first", "second", "node", "tls", "seal"}
	} else if rows[0] != "parley key change v1" {
		return fmt.Errorf("%s: kind", path)
	}
	if len(rows) != len(names)+1 {
		return fmt.Errorf("%s: lines", path)
	}
	field := map[string]string{}
	for i, name := range names {
		value, ok := after(rows[i+1], name)
		if !ok {
			return fmt.Errorf("%s: %s", path, name)
		}
		field[name] = value
	}
	found, isNumber := number(field["sequence"])
	key, isKey := hexHash(field["node"])
	if field["mechanism"] != m.id || field["party"] != id || !isNumber || found != sequence || !isKey ||
		sequence <= last[id] {
		return fmt.Errorf("%s: misplaced", path)
	}
	last[id] = sequence
	all := m.tenures[id]
	newest := all[len(all)-1]
	next := tenure{newest.epoch, 0, key}
	if text, isEpoch := field["epoch"]; isEpoch {
		next.epoch, isNumber = number(text)
		if !isNumber || next.epoch != newest.epoch+1 {
			return fmt.Errorf("%s: epoch", path)
		}
		largest := int64(0)
		for _, name := range []string{"first", "second"} {
			size, isNumber := number(strings.SplitN(field[name], " ", 2)[0])
			if !isNumber {
				return fmt.Errorf("%s: %s", path, name)
			}
			if size > largest {
				largest = size
			}
		}
		m.starts[logID{id, next.epoch}] = m.starts[logID{id, newest.epoch}] + largest
	} else if next.from, isNumber = number(field["from"]); !isNumber || next.from < newest.from || next.from < 1 {
		return fmt.Errorf("%s: from", path)
	}
	m.tenures[id] = append(all, next)
	hash := m.sha256(data)
	m.state += id + string(hash[:])
	return nil
}

// policy is the C2SP tlog-policy that follows from terms and statements.
func (m *mechanism) policy() string {
	var out strings.Builder
	var witnesses, names []string
	listed := map[string]bool{}
	ids := make([]string, 0, len(m.parties))
	for _, p := range m.parties {
		ids = append(ids, p.ID)
	}
	sort.Strings(ids)
	for _, id := range ids {
		newest := m.tenures[id][len(m.tenures[id])-1].epoch
		for epoch := int64(0); epoch <= newest; epoch++ {
			for _, key := range m.keysOf(id, epoch) {
				if !listed[string(key)] {
					listed[string(key)] = true
					fmt.Fprintf(&out, "log %s\n", m.verifierKey(m.origin(logID{id, epoch}), 0x01, key))
				}
			}
		}
		for i, key := range m.keysOf(id, -1) {
			name := id
			if i > 0 {
				name = fmt.Sprintf("%s.%d", id, i+1)
			}
			names = append(names, name)
			witnesses = append(witnesses, "witness "+name+" "+m.verifierKey("parley/"+id, 0x04, key)+"\n")
		}
	}
	out.WriteString(strings.Join(witnesses, ""))
	fmt.Fprintf(&out, "group HOLDERS any %s\nquorum HOLDERS\n", strings.Join(names, " "))
	return out.String()
}

func (m *mechanism) verifierKey(name string, algorithm byte, key []byte) string {
	material := append([]byte{algorithm}, key...)
	id := make([]byte, 4)
	binary.BigEndian.PutUint32(id, m.keyID(name, material))
	return name + "+" + hex.EncodeToString(id) + "+" + base64.StdEncoding.EncodeToString(material)
}
