//go:build js && wasm

package js

import (
	"errors"
	"fmt"
	"syscall/js"

	"github.com/hack-pad/safejs"
)

// Error is an exception or a rejection of JavaScript. It is usually a DOMException,
// whose name says what went wrong (Web IDL, Section 2.8.1).
type Error struct {
	Name    string // such as "NotAllowedError"
	Message string
}

func (e *Error) Error() string { return e.Name + ": " + e.Message }

// IsNamed reports whether err is, or wraps, an *[Error] with a name.
func IsNamed(err error, name string) bool {
	var e *Error
	return errors.As(err, &e) && e.Name == name
}

// Failure wraps an error of safejs or of [Await] with the action that failed. Its
// text begins with "browser: ", since that is where the action failed.
func Failure(action string, err error) error {
	return fmt.Errorf("browser: %s: %w", action, Thrown(err))
}

// Thrown returns the exception that safejs has caught as an *[Error], and any other
// error as it is.
func Thrown(err error) error {
	var thrown js.Error
	if errors.As(err, &thrown) {
		return errorOf(safejs.Safe(thrown.Value))
	}
	return err
}

// errorOf makes an *[Error] of a thrown value, which may be of any type.
func errorOf(thrown safejs.Value) error {
	e := &Error{Name: "Error"}
	if name, err := StringOf(thrown, "name"); err == nil {
		e.Name = name
	}
	if message, err := StringOf(thrown, "message"); err == nil {
		e.Message = message
	}
	return e
}

// StringOf reads a property, and fails unless it is a string.
func StringOf(object safejs.Value, property string) (string, error) {
	value, err := object.Get(property)
	if err != nil {
		return "", err
	}
	if value.Type() != safejs.TypeString { // of anything else String makes a text, too
		return "", fmt.Errorf("%s is a %v", property, value.Type())
	}
	return value.String()
}

// Guard calls f and logs its panic, which would otherwise end the Go program.
func Guard(f func()) {
	defer func() {
		if r := recover(); r != nil {
			Log(fmt.Sprintf("browser: internal error: %v", r))
		}
	}()
	f()
}

// Log writes a warning to the console.
func Log(text string) { write("warn", text) }

// Debug writes a line to the console that browsers hide unless asked.
func Debug(text string) { write("debug", text) }

func write(level, text string) {
	if console, err := safejs.Global().Get("console"); err == nil {
		_, _ = console.Call(level, text)
	}
}
