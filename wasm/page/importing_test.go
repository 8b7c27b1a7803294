//go:build js && wasm

package page

import (
	"strings"
	"testing"

	"pushcall/app"
	"pushcall/phonebook"
)

func TestWordsOfArchive(t *testing.T) {
	known := phonebook.Contact{Name: "Ada"}
	named := phonebook.Archive{Name: "Grace", Contacts: make([]phonebook.Contact, 1), Records: make([]phonebook.Record, 12)}
	for name, test := range map[string]struct {
		of                      opened
		whose, warning, content string
		moves                   bool
	}{
		"empty":              {opened{}, "The file does not say who it is from.", "", "It has 0 contacts and 0 calls in it.", true},
		"named":              {opened{archive: named}, "The file says that it is from “Grace”.", "", "It has 1 contact and 12 calls in it.", true},
		"namesake":           {opened{archive: named, namesake: true}, "The file says that it is from “Grace”.", "This is not the “Grace” in your contacts", "It has 1", true},
		"a contact's":        {opened{archive: named, known: true, contact: known}, "The browser that wrote the file is Ada in your contacts.", "Import it only if you are Ada:", "It has 1", true},
		"an unnamed contact": {opened{archive: named, known: true}, "The browser that wrote the file is Unnamed friend", "Import it only if you are Unnamed friend:", "It has 1", true},
		"own":                {opened{archive: named, origin: app.OriginHere}, "This browser wrote the file.", "", "It has 1", false},
		"again":              {opened{archive: named, origin: app.OriginBefore, known: true, contact: known}, "The file was imported here before.", "", "It has 1", false},
	} {
		words := wordsOfArchive(test.of)
		if !strings.HasPrefix(words.whose, test.whose) || !strings.HasPrefix(words.warning, test.warning) || !strings.HasPrefix(words.content, test.content) {
			t.Errorf("%s: %+v", name, words)
		}
		if (test.warning == "") != (words.warning == "") || strings.Contains(words.then, "new mark") != test.moves {
			t.Errorf("%s: %+v", name, words)
		}
	}
}
