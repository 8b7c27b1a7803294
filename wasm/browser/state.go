//go:build js && wasm

package browser

import "github.com/hack-pad/safejs"

// Visible tells whether the person can see the page now (HTML, Section 6.2).
func Visible() bool {
	document, err := get("document")
	if err != nil {
		return false
	}
	state, err := stringOf(document, "visibilityState")
	return err == nil && state == "visible"
}

// Permitted tells whether the person lets the page notify. It asks nobody.
func Permitted() bool { return Permission() == nil }

// Permission returns why the page may not notify now, or nil. It asks nobody.
func Permission() error {
	notification, err := get("Notification")
	if err != nil || notification.IsUndefined() {
		return ErrNoPush
	}
	permission, err := stringOf(notification, "permission")
	if err != nil {
		return failure("read the permission", err)
	}
	return permissionError(permission)
}

// permissionError is for a NotificationPermission (Notifications API, Section 2.1).
func permissionError(permission string) error {
	switch permission {
	case "granted":
		return nil
	case "denied":
		return ErrPermissionDenied
	default:
		return ErrPermissionDismissed
	}
}

// OnLine calls f whenever it may have changed whether calls ring here: see watchLine
// in web/boot.js.
func OnLine(f func()) (undo func(), err error) {
	return listen(safejs.Global(), "line", func(safejs.Value) { f() })
}
