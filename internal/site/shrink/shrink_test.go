package shrink

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The standard library's tests give the same results before and after rewriting.
func TestShrunkPrograms(t *testing.T) {
	root := goRoot(t)
	for _, name := range []string{"compress/flate", "encoding/json", "strconv", "sync", "syscall/js"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "linked.wasm")
			runGo(t, root, "test", "-c", "-vet=off", "-o", path, name)
			linked, program := shrunk(t, path)
			said, err := inNode(t, filepath.Join(root, "src", filepath.FromSlash(name)), program, "-test.short")
			if err != nil || !bytes.HasSuffix(said, []byte("PASS\n")) {
				t.Errorf("%v\n%s", err, said)
			}
			t.Logf("%d octets of %d", len(program), len(linked))
		})
	}
}

// inNode runs a program in a folder, and returns its output.
func inNode(t *testing.T, dir string, program []byte, args ...string) ([]byte, error) {
	path := filepath.Join(t.TempDir(), "program.wasm")
	if err := os.WriteFile(path, program, 0o644); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(goRoot(t), "lib", "wasm", "wasm_exec_node.js")
	command := exec.CommandContext(t.Context(), "node", append([]string{"--stack-size=8192", script, path}, args...)...)
	command.Dir = dir
	return command.CombinedOutput()
}

// shrunk returns the program in a file, as linked and rewritten.
func shrunk(t *testing.T, path string) (linked, program []byte) {
	linked, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if program, err = Program(linked); err != nil {
		t.Fatal(err)
	}
	return linked, program
}

func goRoot(t *testing.T) string {
	return strings.TrimSpace(runGo(t, ".", "env", "GOROOT"))
}

// runGo runs go for js/wasm.
func runGo(t *testing.T, dir string, args ...string) (said string) {
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", args[0], err, output)
	}
	return string(output)
}
