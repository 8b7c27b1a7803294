// Package pushcall_test tests properties of the whole project: permitted imports,
// sizes, and translations.
package pushcall_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A rule lists the permitted imports of a package.
type rule struct {
	may   []string // packages of this module and of others, and syscall/js; the rest of the standard library is always permitted
	never []string // packages, with all below them, that must not be imported even indirectly
	why   string
}

// imports is the table of permitted imports. To add an import, change the table and
// its reason first.
var imports = map[string]rule{
	"webpush": {
		[]string{"filippo.io/nistec", "pushcall/internal/jsonobject"}, []string{"net/http"},
		"it builds method, URL, header and body; the caller sends, from a page or from a server; jsonobject reads a subscription's JSON more strictly than encoding/json",
	},
	"webpush/webpushhttp": {
		[]string{"pushcall/webpush", "pushcall/relay"}, []string{"pushcall/signaling", "pushcall/call"},
		"it sends what webpush builds, from a server, and dials public addresses only as the relay does",
	},
	"signaling": {
		[]string{"pushcall/webpush", "pushcall/internal/jsonobject"}, []string{"net/http"},
		"what travels is made of webpush's types, and means the same in a page and outside",
	},
	"files": {
		[]string{"pushcall/signaling", "pushcall/internal/jsonobject"},
		[]string{"net/http", "pushcall/call"},
		"a transfer needs a way to send signals and a channel, whatever call they belong to",
	},
	"call": {
		[]string{"pushcall/files", "pushcall/signaling", "pushcall/webpush", "pushcall/internal/jsonobject", "pushcall/internal/loop"},
		[]string{"pushcall/phonebook", "net/http", "github.com/pion", "github.com/hack-pad"},
		"every state of a call is tested natively in milliseconds, without a browser or a peer connection",
	},
	"phonebook": {
		[]string{"pushcall/call", "pushcall/signaling", "pushcall/webpush", "pushcall/internal/jsonobject"},
		[]string{"net/http", "github.com/pion", "github.com/hack-pad"},
		"it notes what a phone tells, and a phone asks for contacts by functions, so that a call is tested and read without a book",
	},
	"app": {
		[]string{"pushcall/call", "pushcall/files", "pushcall/phonebook", "pushcall/signaling", "pushcall/webpush",
			"pushcall/internal/config", "pushcall/internal/jsonobject", "pushcall/internal/loop"},
		[]string{"net/http", "github.com/pion", "github.com/hack-pad"},
		"every rule that the page follows is tested natively in virtual time, against interfaces that it declares itself",
	},
	"internal/speech": {
		[]string{"pushcall/app", "pushcall/call", "pushcall/files", "pushcall/phonebook", "pushcall/signaling", "pushcall/webpush"},
		[]string{"net/http", "github.com/pion", "github.com/hack-pad"},
		"what the page says of the application is tested natively; a small interface stands for catalogue and formats",
	},
	"wasm/js": {
		[]string{"syscall/js", "github.com/hack-pad/safejs"},
		[]string{"net/http", "pushcall/app", "pushcall/call", "pushcall/signaling", "pushcall/webpush"},
		"it binds what any page needs of JavaScript, and makes errors of exceptions; it knows nothing of Pushcall",
	},
	"wasm/browser": {
		[]string{"pushcall/app", "pushcall/call", "pushcall/files", "pushcall/phonebook", "pushcall/signaling", "pushcall/webpush",
			"pushcall/internal/speech", "pushcall/wasm/js", "github.com/hack-pad/safejs", "github.com/pion/webrtc/v3"},
		[]string{"net/http"},
		"it satisfies the interfaces of app with what wasm/js binds and with the scripts of web/",
	},
	"wasm/page": {
		[]string{"pushcall/app", "pushcall/call", "pushcall/files", "pushcall/phonebook", "pushcall/wasm/browser", "pushcall/wasm/js", "pushcall/signaling", "pushcall/webpush", "pushcall/internal/config", "pushcall/internal/loop", "pushcall/internal/speech"},
		[]string{"net/http"},
		"what the person sees is the application in a document; it knows the others for what it shows, and for the errors it puts into sentences",
	},
	"wasm": {
		[]string{"pushcall/app", "pushcall/wasm/browser", "pushcall/wasm/js", "pushcall/wasm/page", "pushcall/call", "pushcall/phonebook", "pushcall/signaling", "pushcall/webpush",
			"pushcall/internal/config", "pushcall/internal/speech", "github.com/pion/webrtc/v3"},
		[]string{"net/http"},
		"it puts app, browser and page together, and decides nothing; net/http would add 870 kB of brotli to it",
	},
	"relay": {
		[]string{"golang.org/x"},
		[]string{"pushcall/webpush", "pushcall/signaling", "pushcall/call"},
		"that the relay is blind shows in what it imports: nothing that could read a message",
	},
	"relay/conformance": {
		nil, []string{"pushcall/relay", "pushcall/webpush", "pushcall/signaling", "pushcall/call"},
		"the suite knows a relay by what it answers, whatever it is written in",
	},
	"relay/worker": {
		nil, nil,
		"there is no Go in the worker but its test",
	},
	"internal/config": {
		[]string{"pushcall/internal/jsonobject", "pushcall/webpush"}, []string{"net/http"},
		"the page reads it, and so do who hosts it and their tools",
	},
	"internal/filestest": {
		[]string{"pushcall/files"}, nil,
		"tests of files and of the phone share its channel in memory",
	},
	"internal/jsonobject": {
		[]string{"github.com/buger/jsonparser"}, []string{"encoding/json"},
		"it is there because encoding/json would add 120 kB of brotli to the page",
	},
	"internal/loop": {
		nil, []string{"net/http"},
		"it is how the phone and the page keep their state to one goroutine, and knows neither",
	},
	"internal/pushlab": {
		[]string{"pushcall/webpush", "github.com/coder/websocket", "google.golang.org/protobuf", "golang.org/x"},
		[]string{"pushcall/call", "pushcall/signaling", "pushcall/relay"},
		"push services carry whatever is pushed, and serve other projects as well",
	},
	"internal/site": {
		nil, []string{"pushcall/webpush", "pushcall/signaling", "pushcall/call"},
		"whoever serves the page sees nothing of a call",
	},
	"internal/site/embedded": {
		nil, nil,
		"it is the page and nothing else",
	},
	"internal/dist": {
		nil, []string{"github.com/andybalholm/brotli"},
		"it packs what was built, and builds no page itself",
	},
	"internal/site/build": {
		[]string{"github.com/andybalholm/brotli", "pushcall/internal/site/shrink", "pushcall/internal/site"}, nil,
		"brotli's compressor is for building the page and not in the program that serves it",
	},
	"internal/site/shrink": {
		nil, nil,
		"it knows programs of Go, and not what they do",
	},
	"cmd/pushcall": {
		[]string{"pushcall/relay", "pushcall/internal/site", "pushcall/internal/site/embedded", "pushcall/internal/pushlab", "pushcall/internal/config"},
		[]string{"pushcall/signaling", "pushcall/call", "github.com/pion", "github.com/andybalholm/brotli"},
		"the program serves, carries and plays push service; it takes no part in calls",
	},
}

// A goPackage is the output of go list for a package.
type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// list runs go list for a target and returns the packages.
func list(t *testing.T, goos, goarch string, args ...string) []goPackage {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", append([]string{"list", "-json=ImportPath,Imports,Deps"}, args...)...)
	command.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func TestImports(t *testing.T) {
	seen := make(map[string]bool)
	for _, target := range []struct{ goos, goarch string }{{"linux", "amd64"}, {"js", "wasm"}} {
		for _, p := range list(t, target.goos, target.goarch, "./...") {
			name, found := strings.CutPrefix(p.ImportPath, "pushcall/")
			if !found {
				continue // this package
			}
			r, found := imports[name]
			if !found {
				t.Errorf("%s is not in the table", name)
				continue
			}
			seen[name] = true
			for _, path := range p.Imports {
				if !isStandard(path) && !isAnyOf(path, r.may) {
					t.Errorf("%s imports %s on %s, but %s", name, path, target.goos, r.why)
				}
			}
			for _, path := range p.Deps {
				if isAnyOf(path, r.never) {
					t.Errorf("%s depends on %s on %s, but %s", name, path, target.goos, r.why)
				}
			}
		}
	}
	for name := range imports {
		if !seen[name] {
			t.Errorf("there is no package %s", name)
		}
	}
}

// isStandard reports whether a package is in the standard library: the first element
// of its path has no dot. syscall/js is an exception, since a package needs permission
// to import it; the standard library itself uses it in many places.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return first != "pushcall" && !strings.Contains(first, ".") && path != "syscall/js"
}

// isAnyOf reports whether names has the package. A name outside of this module
// includes all packages below it.
func isAnyOf(path string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return path == name || !strings.HasPrefix(name, "pushcall/") && strings.HasPrefix(path, name+"/")
	})
}
