package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	wasmName = "web/pushcall.wasm"
	execName = "web/wasm_exec.js"
)

// compile compiles the package wasm below the folder source. What it writes
// stays in the cache, where go build finds it when nothing has changed.
func compile(ctx context.Context, source, cache string) ([]byte, error) {
	output, err := filepath.Abs(filepath.Join(cache, filepath.Base(wasmName)))
	if err != nil {
		return nil, err
	}
	// No paths, no symbols and no commit: they would take space and differ
	// from one machine to the next.
	_, err = goCommand(ctx, source, "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", output, "./wasm")
	if err != nil {
		return nil, err
	}
	return os.ReadFile(output)
}

// wasmExec reads the script that runs what the same Go compiles.
func wasmExec(ctx context.Context) ([]byte, error) {
	root, err := goCommand(ctx, ".", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
}

func goCommand(ctx context.Context, dir string, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	var problems bytes.Buffer
	command.Stderr = &problems
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, problems.Bytes())
	}
	return output, nil
}
