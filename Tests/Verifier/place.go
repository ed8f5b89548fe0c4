package main

import (
	"regexp"
	"strconv"
)

// place is what a path says of its file; kind is empty for a path that no file of a bundle has.
type place struct {
	kind   string
	log    logID
	number int64
	part   string
}

var (
	headPath   = regexp.MustCompile(`^logs/([^/]+)/heads/([0-9]{16})(\.consistency)?$`)
	recordPath = regexp.MustCompile(`^logs/([^/]+)/records/([0-9]{16})\.(header|signature|proof|body|salt|sealed|key)$`)
	otherPath  = regexp.MustCompile(`^(statements|forks)/([a-z0-9.-]+)-([1-9][0-9]*)$`)
	keyPath    = regexp.MustCompile(`^keys/([a-z][a-z0-9-]{0,31})\.ml-dsa-65$`)
	logName    = regexp.MustCompile(`^([a-z][a-z0-9-]{0,31})(\.([1-9][0-9]*))?$`)
)

func (f *facts) place(path string) place {
	if p, known := f.paths[path]; known {
		return p
	}
	p := readPlace(path)
	if f.learning {
		f.paths[path] = p
	}
	return p
}

func readPlace(path string) place {
	switch path {
	case "README.txt", "terms.json", "policy":
		return place{kind: "single"}
	}
	if match := keyPath.FindStringSubmatch(path); match != nil {
		return place{kind: "key", log: logID{match[1], 0}}
	}
	if match := headPath.FindStringSubmatch(path); match != nil {
		kind := "head"
		if match[3] != "" {
			kind = "consistency"
		}
		return inLog(place{kind: kind, number: padded(match[2])}, match[1])
	}
	if match := recordPath.FindStringSubmatch(path); match != nil {
		return inLog(place{kind: "record", number: padded(match[2]), part: match[3]}, match[1])
	}
	if match := otherPath.FindStringSubmatch(path); match != nil {
		value, ok := number(match[3])
		if !ok {
			return place{}
		}
		if match[1] == "forks" {
			return inLog(place{kind: "fork", number: value}, match[2])
		}
		return place{kind: "statement", number: value, log: logID{match[2], 0}}
	}
	return place{}
}

func inLog(p place, name string) place {
	match := logName.FindStringSubmatch(name)
	if match == nil {
		return place{}
	}
	p.log.party = match[1]
	if match[3] != "" {
		var ok bool
		if p.log.epoch, ok = number(match[3]); !ok {
			return place{}
		}
	}
	return p
}

// padded reads 16 digits.
func padded(digits string) int64 {
	value, _ := strconv.ParseInt(digits, 10, 64)
	return value
}
