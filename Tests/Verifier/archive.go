package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
)

const folder = "parley-evidence/"

// file is one file of the archive, its path relative to folder.
type file struct {
	path string
	data []byte
	// Where the data stands in the archive.
	offset int
}

// readArchive reads with archive/tar, then compares every byte with what the format prescribes for the same files:
// what the reader would pass over, the comparison does not.
func readArchive(archive []byte) ([]file, error) {
	var files []file
	reader := tar.NewReader(bytes.NewReader(archive))
	at := 0
	for {
		header, err := reader.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("archive: %w", err)
		}
		if len(header.Name) <= len(folder) || header.Name[:len(folder)] != folder {
			return nil, fmt.Errorf("archive: name %q", header.Name)
		}
		start := at + 512
		end := start + int(header.Size)
		if header.Size < 0 || header.Size > int64(len(archive)) || end > len(archive) {
			return nil, fmt.Errorf("archive: size of %q", header.Name)
		}
		files = append(files, file{header.Name[len(folder):], archive[start:end:end], start})
		at = end + padding(int(header.Size))
	}
	if !isCanonical(archive, files) {
		return nil, fmt.Errorf("archive: not in its canonical form")
	}
	return files, nil
}

// isCanonical tells whether writeArchive would write the same bytes.
func isCanonical(archive []byte, files []file) bool {
	at := 0
	for _, f := range files {
		end := at + 512 + len(f.data)
		next := end + padding(len(f.data))
		if next > len(archive) || !bytes.Equal(archive[at:at+512], headerBlock(folder+f.path, len(f.data))) ||
			!isZero(archive[end:next]) {
			return false
		}
		at = next
	}
	return len(archive) == at+1024 && isZero(archive[at:])
}

func isZero(data []byte) bool {
	for _, b := range data {
		if b != 0 {
			return false
		}
	}
	return true
}

func padding(size int) int { return (512 - size%512) % 512 }

func writeArchive(files []file) []byte {
	length := 1024
	for _, f := range files {
		length += 512 + len(f.data) + padding(len(f.data))
	}
	out := make([]byte, 0, length)
	for _, f := range files {
		out = append(out, headerBlock(folder+f.path, len(f.data))...)
		out = append(out, f.data...)
		out = append(out, make([]byte, padding(len(f.data)))...)
	}
	return append(out, make([]byte, 1024)...)
}

// headerBlock is POSIX.1-1988 ustar: mode 0644, owner 0, time 0, regular file.
func headerBlock(name string, size int) []byte {
	block := make([]byte, 512)
	copy(block[0:100], name)
	copy(block[100:], "0000644\x000000000\x000000000\x00")
	octal(block[124:135], size)
	copy(block[136:], "00000000000\x00")
	copy(block[148:], "        0")
	copy(block[257:], "ustar\x0000")
	copy(block[329:], "0000000\x000000000\x00")
	sum := 0
	for _, b := range block {
		sum += int(b)
	}
	octal(block[148:154], sum)
	block[154] = 0
	return block
}

func octal(field []byte, value int) {
	for i := len(field) - 1; i >= 0; i-- {
		field[i] = byte('0' + value&7)
		value >>= 3
	}
}
