// An evidence bundle's independent verifier: no code of Parley, other people's notes and proofs
// (golang.org/x/mod/sumdb), after docs/evidence.md.
//
//	verifier verify BUNDLE MECHANISM
//	verifier mutate BUNDLE MECHANISM [SEED]
//
// SEED is the exporter's node key in hexadecimal: with it every changed bundle is listed and signed anew, so that
// only the checks below the manifest can refuse it.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
)

func main() {
	if len(os.Args) < 4 || len(os.Args) > 5 || os.Args[1] != "verify" && os.Args[1] != "mutate" {
		fmt.Fprintln(os.Stderr, "usage: verifier verify|mutate BUNDLE MECHANISM [SEED]")
		os.Exit(2)
	}
	archive, err := os.ReadFile(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	f := newFacts()
	r, err := verify(f, archive, os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
	fmt.Printf("holds: %d files, %d heads, %d records (%d open, %d by their key), %d statements, %d forks\n",
		r.files, r.heads, r.records, r.open, r.disclosed, r.statements, r.forks)
	if os.Args[1] == "verify" {
		return
	}
	f.learning = false
	// Most of the work is short-lived copies of the bundle.
	debug.SetGCPercent(800)
	seed := ""
	if len(os.Args) == 5 {
		seed = os.Args[4]
	}
	if !mutate(f, archive, os.Args[3], seed, r.exempt) {
		os.Exit(1)
	}
}
