package site

import (
	"net/http"
	"path"
	"strings"
)

// contentSecurityPolicy lets the page run its own scripts and WebAssembly and
// nothing inline (Content Security Policy Level 3). It may connect to any
// https host, since push services are many and some can be reached directly,
// and to loopback, where the lab's are.
var contentSecurityPolicy = strings.Join([]string{
	"default-src 'none'",
	"script-src 'self' 'wasm-unsafe-eval'",
	"style-src 'self'",
	"img-src 'self' data: blob:",
	"connect-src 'self' https: http://127.0.0.1:* http://localhost:*",
	"manifest-src 'self'",
	"worker-src 'self'",
	"media-src 'self' blob:",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
}, "; ")

// setPolicies sets the header fields that every answer has.
func setPolicies(header http.Header) {
	header.Set("Content-Security-Policy", contentSecurityPolicy)
	header.Set("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self)")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
}

// contentType returns the media type of a file by its extension. The types are
// written down here because a machine's own table may lack some or have them
// otherwise, and browsers insist on application/wasm.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".json":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".wasm":
		return "application/wasm"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	case ".ico":
		return "image/vnd.microsoft.icon"
	case ".woff2":
		return "font/woff2"
	case ".ogg":
		return "audio/ogg"
	case ".mp3":
		return "audio/mpeg"
	}
	return "application/octet-stream"
}
