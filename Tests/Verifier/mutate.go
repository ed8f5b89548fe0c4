package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// change is one mutation: a name for whoever reads of it, and the changed archive.
type change struct {
	name    string
	archive func() []byte
}

// demand wants every change refused.
func demand(f *facts, fingerprint, title string, count int, make func(int) change) bool {
	var next, accepted int64 = -1, 0
	var group sync.WaitGroup
	for w := 0; w < runtime.NumCPU(); w++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for {
				i := int(atomic.AddInt64(&next, 1))
				if i >= count {
					return
				}
				c := make(i)
				if _, err := verify(f, c.archive(), fingerprint); err == nil {
					if atomic.AddInt64(&accepted, 1) <= 20 {
						fmt.Fprintf(os.Stderr, "accepted: %s: %s\n", title, c.name)
					}
				}
			}
		}()
	}
	group.Wait()
	fmt.Printf("%s: %d of %d refused\n", title, int64(count)-accepted, count)
	return accepted == 0
}

func flipped(data []byte, at int) []byte {
	out := append([]byte{}, data...)
	out[at] ^= 1 << (at % 8)
	return out
}

// mutate changes the bundle in every way below and demands that each is refused.
func mutate(f *facts, archive []byte, fingerprint, seed string, exempt map[string][][2]int) bool {
	files, _ := readArchive(archive)
	ok := demand(f, fingerprint, "one bit of every byte", len(archive), func(i int) change {
		return change{fmt.Sprint("byte ", i), func() []byte { return flipped(archive, i) }}
	})
	var cuts []int
	for i := 0; i < len(archive); i += 512 {
		cuts = append(cuts, i, i+1, i+511)
	}
	ok = demand(f, fingerprint, "cut off", len(cuts), func(i int) change {
		return change{fmt.Sprint("after ", cuts[i]), func() []byte { return archive[:cuts[i]] }}
	}) && ok
	tails := [][]byte{{0}, {'x'}, make([]byte, 512), make([]byte, 1024), make([]byte, 10240-1024), archive}
	ok = demand(f, fingerprint, "appended", len(tails), func(i int) change {
		return change{fmt.Sprint(i), func() []byte { return append(append([]byte{}, archive...), tails[i]...) }}
	}) && ok
	ok = demand(f, fingerprint, "a file dropped", len(files), func(i int) change {
		return change{files[i].path, func() []byte { return writeArchive(append(append([]file{}, files[:i]...), files[i+1:]...)) }}
	}) && ok
	ok = demand(f, fingerprint, "a file twice", len(files), func(i int) change {
		return change{files[i].path, func() []byte {
			return writeArchive(append(append([]file{}, files[:i+1]...), files[i:]...))
		}}
	}) && ok
	ok = demand(f, fingerprint, "a file added", len(files), func(i int) change {
		return change{files[i].path, func() []byte {
			added := file{path: files[i].path + "0", data: files[i].data}
			return writeArchive(append(append(append([]file{}, files[:i+1]...), added), files[i+1:]...))
		}}
	}) && ok
	ok = demand(f, fingerprint, "neighbours swapped", len(files)-1, func(i int) change {
		return change{files[i].path, func() []byte {
			swapped := append([]file{}, files...)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			return writeArchive(swapped)
		}}
	}) && ok
	ok = demand(f, fingerprint, "emptied", len(files), func(i int) change {
		return change{files[i].path, func() []byte {
			emptied := append([]file{}, files...)
			emptied[i].data = nil
			return writeArchive(emptied)
		}}
	}) && ok
	if seed == "" {
		return ok
	}
	return mutateSigned(f, files, fingerprint, seed, exempt) && ok
}

// mutateSigned lists and signs every changed bundle anew, as a dishonest exporter would.
func mutateSigned(f *facts, files []file, fingerprint, seed string, exempt map[string][][2]int) bool {
	secret, err := hex.DecodeString(seed)
	if err != nil || len(secret) != ed25519.SeedSize {
		fmt.Fprintln(os.Stderr, "a seed has 64 hexadecimal digits")
		return false
	}
	s := &signer{f, ed25519.NewKeyFromSeed(secret), files[0].data}
	if _, err := verify(f, s.archive(files[1:]), fingerprint); err != nil {
		fmt.Fprintln(os.Stderr, "the bundle signed anew is refused:", err)
		return false
	}
	type spot struct{ file, at int }
	var spots []spot
	exempted := 0
	for i := 1; i < len(files); i++ {
		for at := range files[i].data {
			if isExempt(exempt[files[i].path], at) {
				exempted++
				continue
			}
			spots = append(spots, spot{i - 1, at})
		}
	}
	rest := files[1:]
	replaced := func(i int, data []byte) []file {
		changed := append([]file{}, rest...)
		changed[i].data = data
		return changed
	}
	ok := demand(f, fingerprint, "signed anew, one bit of every byte of every file", len(spots), func(i int) change {
		p := spots[i]
		return change{fmt.Sprint(rest[p.file].path, " byte ", p.at), func() []byte {
			return s.archive(replaced(p.file, flipped(rest[p.file].data, p.at)))
		}}
	})
	fmt.Printf("  exempt: %d bytes of ML-DSA-65 signatures, which parley-audit checks\n", exempted)
	ok = demand(f, fingerprint, "signed anew, a file cut by its last byte", len(rest), func(i int) change {
		return change{rest[i].path, func() []byte { return s.archive(replaced(i, rest[i].data[:len(rest[i].data)-1])) }}
	}) && ok
	ok = demand(f, fingerprint, "signed anew, a byte more", len(rest), func(i int) change {
		return change{rest[i].path, func() []byte {
			return s.archive(replaced(i, append(append([]byte{}, rest[i].data...), '\n')))
		}}
	}) && ok
	var alone []int
	for i, file := range rest {
		// Which forks, logs and ML-DSA-65 keys are shown is the exporter's choice: a key is missed only where a head
		// bears its line, and a log's only file is the whole log.
		if !strings.HasPrefix(file.path, "forks/") && !isUnusedKey(file.path, exempt) && !isWholeLog(file.path, rest) {
			alone = append(alone, i)
		}
	}
	ok = demand(f, fingerprint, "signed anew, a file dropped", len(alone), func(i int) change {
		at := alone[i]
		return change{rest[at].path, func() []byte { return s.archive(append(append([]file{}, rest[:at]...), rest[at+1:]...)) }}
	}) && ok
	var swaps [][2]int
	for i := range rest {
		for j := 0; j < i; j++ {
			sameKind := ending(rest[i].path) == ending(rest[j].path)
			if sameKind && !bytes.Equal(rest[i].data, rest[j].data) && !strings.HasPrefix(rest[i].path, "forks/") {
				swaps = append(swaps, [2]int{j, i})
			}
		}
	}
	return demand(f, fingerprint, "signed anew, contents of two files of one kind exchanged", len(swaps), func(i int) change {
		a, b := swaps[i][0], swaps[i][1]
		return change{rest[a].path + " and " + rest[b].path, func() []byte {
			changed := replaced(a, rest[b].data)
			changed[b].data = rest[a].data
			return s.archive(changed)
		}}
	}) && ok
}

// ending tells kinds of files apart: folder and what follows the name's dot.
func ending(path string) string {
	parts := strings.Split(path, "/")
	name := parts[len(parts)-1]
	kind := parts[0]
	if len(parts) == 4 {
		kind = parts[2]
	}
	if i := strings.Index(name, "."); i >= 0 {
		return kind + name[i:]
	}
	return kind
}

func isExempt(ranges [][2]int, at int) bool {
	for _, r := range ranges {
		if at >= r[0] && at < r[1] {
			return true
		}
	}
	return false
}

func isWholeLog(path string, files []file) bool {
	parts := strings.SplitN(path, "/", 3)
	if parts[0] != "logs" {
		return false
	}
	count := 0
	for _, f := range files {
		if strings.HasPrefix(f.path, "logs/"+parts[1]+"/") {
			count++
		}
	}
	return count == 1
}

func isUnusedKey(path string, exempt map[string][][2]int) bool {
	match := keyPath.FindStringSubmatch(path)
	if match == nil {
		return false
	}
	for file := range exempt {
		if strings.HasPrefix(file, "logs/"+match[1]+"/") || strings.HasPrefix(file, "forks/"+match[1]+"-") {
			return false
		}
	}
	return true
}

// signer writes manifests with the exporter's own key.
type signer struct {
	*facts
	key      ed25519.PrivateKey
	manifest []byte
}

func (s *signer) archive(files []file) []byte {
	rows := strings.SplitN(string(s.manifest), "\n", 5)
	text := []byte(strings.Join(rows[:4], "\n") + "\n")
	for _, f := range files {
		hash := s.sha256(f.data)
		text = append(text, "file "...)
		text = append(text, hex.EncodeToString(hash[:])...)
		text = append(text, fmt.Sprintf(" %d %s\n", len(f.data), f.path)...)
	}
	name := "parley/" + rows[3][len("by "):] + "/evidence"
	public := s.key.Public().(ed25519.PublicKey)
	id := s.keyID(name, append([]byte{0x01}, public...))
	blob := append([]byte{byte(id >> 24), byte(id >> 16), byte(id >> 8), byte(id)}, ed25519.Sign(s.key, text)...)
	note := string(text) + "\n\u2014 " + name + " " + base64.StdEncoding.EncodeToString(blob) + "\n"
	return writeArchive(append([]file{{path: "manifest", data: []byte(note)}}, files...))
}
