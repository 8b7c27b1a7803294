//go:build js && wasm

package browser

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
func Permitted() bool {
	notification, err := get("Notification")
	if err != nil || notification.IsUndefined() {
		return false
	}
	permission, err := stringOf(notification, "permission")
	return err == nil && permission == "granted"
}
