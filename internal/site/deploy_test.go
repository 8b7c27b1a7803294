package site

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExamples: the examples for other servers send the same header fields.
func TestExamples(t *testing.T) {
	for _, name := range []string{"nginx.conf", "Caddyfile"} {
		text, err := os.ReadFile(filepath.Join("../../deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range policies(false) {
			if !strings.Contains(string(text), p.name+` "`+p.value+`"`) {
				t.Errorf("%s lacks %s %q", name, p.name, p.value)
			}
		}
		for _, want := range []string{forever, noCache, strings.TrimPrefix(hashed.String(), "^")} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
	}
}
