//go:build js && wasm

package page

import (
	"strings"
	"testing"

	"github.com/hack-pad/safejs"

	"pushcall/wasm/js"
)

// A friend may write thousands of quoted lines.
func TestQuotesAreBounded(t *testing.T) {
	for _, lines := range []int{0, 1, maxQuoted - 1, maxQuoted, maxQuoted + 1, 3000} {
		text := strings.Repeat("> \n", lines) + "reply"
		words := wordsOf(text)
		if got := textOf(t, words.JSValue()); got != text {
			t.Errorf("%d lines become %q", lines, got)
		}
		all, err := words.JSValue().Call("querySelectorAll", "*")
		if err != nil {
			t.Fatal(err)
		}
		if n, err := all.Length(); err != nil || n > 2+3*min(lines, maxQuoted) {
			t.Errorf("%d lines become %d elements, error %v", lines, n, err)
		}
	}
}

func textOf(t *testing.T, e safejs.Value) string {
	t.Helper()
	text, err := js.StringOf(e, "textContent")
	if err != nil {
		t.Fatal(err)
	}
	return text
}
