package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// SHA-256 of README.txt, one text for all bundles: docs/evidence.md.
const readmeHash = "e2e322bcbecb6bd85200d1a1324f96ca3a3f466ca2fe42fe235460f621701df6"

// result counts what was verified, and names what was not: the bytes of ML-DSA-65 signatures, by file.
type result struct {
	files, heads, records, open, disclosed, forks, statements int
	exempt                                                    map[string][][2]int
}

type logFiles struct {
	heads, consistency map[int64][]byte
	records            map[int64]recordParts
}

func (l *logFiles) put(p place, data []byte) {
	switch p.kind {
	case "head":
		l.heads[p.number] = data
	case "consistency":
		l.consistency[p.number] = data
	default:
		if l.records[p.number] == nil {
			l.records[p.number] = recordParts{}
		}
		l.records[p.number][p.part] = data
	}
}

// verify checks a whole bundle against the fingerprint of the mechanism.
func verify(f *facts, archive []byte, fingerprint string) (*result, error) {
	files, err := readArchive(archive)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 || files[0].path != "manifest" {
		return nil, errors.New("manifest: not the first file")
	}
	manifest, err := readManifest(files[0].data, fingerprint)
	if err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	if err := manifest.list(f, files[1:]); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	single := map[string][]byte{}
	logs := map[logID]*logFiles{}
	statements := map[string]map[int64][]byte{}
	out := &result{files: len(files), exempt: map[string][][2]int{}}
	for _, file := range files[1:] {
		p := f.place(file.path)
		switch p.kind {
		case "head", "consistency", "record":
			if logs[p.log] == nil {
				logs[p.log] = &logFiles{map[int64][]byte{}, map[int64][]byte{}, map[int64]recordParts{}}
			}
			logs[p.log].put(p, file.data)
		case "statement":
			if statements[p.log.party] == nil {
				statements[p.log.party] = map[int64][]byte{}
			}
			statements[p.log.party][p.number] = file.data
		case "single", "fork", "key":
			single[file.path] = file.data
		default:
			return nil, fmt.Errorf("%s: no file of a bundle", file.path)
		}
	}
	m, err := readMechanism(f, single, fingerprint)
	if err != nil {
		return nil, err
	}
	for _, p := range m.parties {
		last := map[string]int64{}
		for _, sequence := range order(statements[p.ID]) {
			if err := m.addStatement(p.ID, sequence, statements[p.ID][sequence], last); err != nil {
				return nil, err
			}
			out.statements++
		}
		delete(statements, p.ID)
	}
	if len(statements) > 0 {
		return nil, errors.New("statements: of no party")
	}
	if err := manifest.check(m, files[0].data); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	if hash := f.sha256(single["README.txt"]); hex.EncodeToString(hash[:]) != readmeHash {
		return nil, errors.New("README.txt: not the text of every bundle")
	}
	if string(single["policy"]) != m.policy() {
		return nil, errors.New("policy: does not follow from the terms")
	}
	for path, data := range single {
		if p := f.place(path); p.kind == "key" {
			if err := m.addPostQuantum(p.log.party, data); err != nil {
				return nil, err
			}
		}
	}
	for log, files := range logs {
		if err := m.checkLog(log, files, out); err != nil {
			return nil, err
		}
	}
	for path, data := range single {
		if p := f.place(path); p.kind == "fork" {
			if m.keyAt(p.log, 0) == nil {
				return nil, fmt.Errorf("%s: of no log", path)
			}
			exempt, err := m.openFork(p.log, data)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			out.exempt[path] = exempt
			out.forks++
		}
	}
	return out, nil
}

func (m *mechanism) checkLog(log logID, files *logFiles, out *result) error {
	if m.keyAt(log, 0) == nil {
		return fmt.Errorf("logs/%s: of no party", log)
	}
	sizes := order(files.heads)
	if len(sizes) == 0 {
		return fmt.Errorf("logs/%s: no head", log)
	}
	heads := map[int64]*head{}
	for _, size := range sizes {
		h, err := m.openHead(log, files.heads[size], false)
		if err != nil || h.size != size {
			return fmt.Errorf("logs/%s/heads/%d: %v", log, size, err)
		}
		heads[size] = h
		if h.exemptTo > 0 {
			path := fmt.Sprintf("logs/%s/heads/%016d", strings.Replace(log.String(), "/", ".", 1), size)
			out.exempt[path] = [][2]int{{h.exemptFrom, h.exemptTo}}
		}
		out.heads++
	}
	newest := heads[sizes[len(sizes)-1]]
	if len(files.consistency) != len(sizes)-1 {
		return fmt.Errorf("logs/%s/heads: consistency proofs", log)
	}
	for _, size := range sizes[:len(sizes)-1] {
		data, there := files.consistency[size]
		rows, ok := lines(string(data))
		if !there || !ok {
			return fmt.Errorf("logs/%s/heads/%d.consistency: malformed", log, size)
		}
		proof, err := hashes(rows)
		if err == nil {
			err = tlog.CheckTree(proof, newest.size, newest.root, size, heads[size].root)
		}
		if err != nil {
			return fmt.Errorf("logs/%s/heads/%d.consistency: %w", log, size, err)
		}
	}
	for index, parts := range files.records {
		if err := m.checkRecord(log, index, parts, newest); err != nil {
			return fmt.Errorf("logs/%s/records/%d: %w", log, index, err)
		}
		out.records++
		if _, open := parts["body"]; open {
			out.open++
		}
		if _, disclosed := parts["key"]; disclosed {
			out.disclosed++
		}
	}
	return nil
}

func order[V any](files map[int64]V) []int64 {
	var keys []int64
	for key := range files {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

// manifest is the list that the exporting node signed.
type manifest struct {
	by   string
	rows []string
}

func readManifest(data []byte, fingerprint string) (*manifest, error) {
	text := string(data)
	if i := strings.Index(text, "\n\n"); i >= 0 {
		text = text[:i+1]
	}
	rows, ok := lines(text)
	if !ok || len(rows) < 4 || rows[0] != "parley evidence v1" || rows[1] != "mechanism "+fingerprint {
		return nil, errors.New("not of this mechanism")
	}
	exported, ok1 := after(rows[2], "exported")
	by, ok2 := after(rows[3], "by")
	const format = "2006-01-02T15:04:05.000000Z"
	at, err := time.Parse(format, exported)
	if !ok1 || !ok2 || err != nil || at.Format(format) != exported {
		return nil, errors.New("malformed")
	}
	return &manifest{by, rows[4:]}, nil
}

// list demands that exactly these files are listed, in the order of their paths' bytes.
func (l *manifest) list(f *facts, files []file) error {
	if len(l.rows) != len(files) {
		return errors.New("it lists other files")
	}
	for i, file := range files {
		hash := f.sha256(file.data)
		if l.rows[i] != "file "+hex.EncodeToString(hash[:])+" "+strconv.Itoa(len(file.data))+" "+file.path {
			return fmt.Errorf("%s is not as it was signed", file.path)
		}
		if i > 0 && files[i-1].path >= file.path {
			return fmt.Errorf("%s is out of order", file.path)
		}
	}
	return nil
}

func (l *manifest) check(m *mechanism, data []byte) error {
	var list []note.Verifier
	for _, key := range m.keysOf(l.by, -1) {
		list = append(list, m.noteVerifier("parley/"+l.by+"/evidence", key))
	}
	n, err := note.Open(data, note.VerifierList(list...))
	if err != nil {
		return err
	}
	if len(n.Sigs) != 1 || n.Text+"\n"+signatureLine(n.Sigs[0]) != string(data) {
		return errors.New("signature lines")
	}
	return nil
}
