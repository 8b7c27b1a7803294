//go:build js && wasm

package browser

import (
	"errors"
	"fmt"
	"syscall/js"

	"github.com/hack-pad/safejs"
)

// Error is an exception or a rejection: usually a DOMException, whose name
// tells what went wrong (Web IDL, Section 2.8.1).
type Error struct {
	Name    string // such as "NotAllowedError"
	Message string
}

func (e *Error) Error() string { return e.Name + ": " + e.Message }

// isNamed tells whether err is, or wraps, an Error of that name.
func isNamed(err error, name string) bool {
	var e *Error
	return errors.As(err, &e) && e.Name == name
}

// failure wraps err, which came from safejs or from await, with the action
// that failed.
func failure(action string, err error) error {
	return fmt.Errorf("browser: %s: %w", action, named(err))
}

// named makes an Error of an exception that safejs has caught.
func named(err error) error {
	var thrown js.Error
	if errors.As(err, &thrown) {
		return errorOf(safejs.Safe(thrown.Value))
	}
	return err
}

// errorOf makes an Error of what was thrown, which may be any value at all.
func errorOf(thrown safejs.Value) error {
	e := &Error{Name: "Error"}
	if name, err := stringOf(thrown, "name"); err == nil {
		e.Name = name
	}
	if message, err := stringOf(thrown, "message"); err == nil {
		e.Message = message
	}
	return e
}

// stringOf reads a property that has to be a string.
func stringOf(object safejs.Value, property string) (string, error) {
	value, err := object.Get(property)
	if err != nil {
		return "", err
	}
	if value.Type() != safejs.TypeString { // of anything else String makes a text, too
		return "", fmt.Errorf("%s is a %v", property, value.Type())
	}
	return value.String()
}

// guard runs a callback and keeps its panic from ending the program.
func guard(f func()) {
	defer func() {
		if r := recover(); r != nil {
			Log(fmt.Sprintf("browser: internal error: %v", r))
		}
	}()
	f()
}

// Log writes a line to the console, for people who look for causes.
func Log(text string) { write("warn", text) }

// Debug writes a line to the console that is no cause for anything.
func Debug(text string) { write("debug", text) }

func write(level, text string) {
	if console, err := safejs.Global().Get("console"); err == nil {
		_, _ = console.Call(level, text)
	}
}
