//go:build js && wasm

package browser

import (
	"github.com/hack-pad/safejs"

	"pushcall/app"
	"pushcall/wasm/js"
)

// Permitted tells whether the person lets the page notify. It asks nobody.
func Permitted() bool { return Permission() == nil }

// Permission returns why the page may not notify now, or nil. It asks nobody.
func Permission() error {
	notification, err := js.Get("Notification")
	if err != nil || notification.IsUndefined() {
		return app.ErrNoPush
	}
	permission, err := js.StringOf(notification, "permission")
	if err != nil {
		return js.Failure("read the permission", err)
	}
	return permissionError(permission)
}

// permissionError is for a NotificationPermission (Notifications API, Section 2.1).
func permissionError(permission string) error {
	switch permission {
	case "granted":
		return nil
	case "denied":
		return app.ErrPermissionDenied
	default:
		return app.ErrPermissionDismissed
	}
}

// OnLine calls f whenever it may have changed whether calls ring here: see watchLine
// in web/boot.js.
func OnLine(f func()) (undo func(), err error) {
	return js.Listen(safejs.Global(), "line", func(safejs.Value) { f() })
}
