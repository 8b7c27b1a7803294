package site

import (
	"bytes"
	"fmt"
	"path"
	"strings"
)

// contentSecurityPolicy lets the page run its own scripts and WebAssembly and
// nothing inline (Content Security Policy Level 3). It may connect to any
// https host, since push services are many and some can be reached directly,
// and relays may be anywhere.
var contentSecurityPolicy = []string{
	"default-src 'none'",
	"script-src 'self' 'wasm-unsafe-eval'",
	"style-src 'self'",
	"img-src 'self' data: blob:",
	"connect-src 'self' https:",
	"manifest-src 'self'",
	"worker-src 'self'",
	"media-src 'self' blob:",
	"object-src 'none'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
}

// loopback are the origins of push services and relays on this machine.
const loopback = " http://127.0.0.1:* http://localhost:*"

// A field is a header field.
type field struct{ name, value string }

// policies returns the header fields of every answer. With local the page may
// connect to push services and relays on the visitor's own machine.
func policies(local bool) []field {
	policy := strings.Join(contentSecurityPolicy, "; ")
	if local {
		policy = strings.Replace(policy, "https:", "https:"+loopback, 1)
	}
	return []field{
		{"Content-Security-Policy", policy},
		{"Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self)"},
		{"Referrer-Policy", "no-referrer"},
		{"X-Content-Type-Options", "nosniff"},
	}
}

// The Cache-Control of files: how long a browser may use a file without revalidation.
const (
	noCache = "no-cache"
	forever = "public, max-age=31536000, immutable" // RFC 8246; a year in seconds
)

// cacheControl returns the Cache-Control of a file. A file with a hash of its content
// in its name never changes.
func cacheControl(name string) string {
	if hashed.MatchString(name) {
		return forever
	}
	return noCache
}

// HeadersFile returns a _headers file for a site of these files. By it, some static
// hosts send the header fields that Handler sends. Hosts differ in how they combine
// several matching rules, so no two rules for the same path have the same field.
func HeadersFile(names []string) []byte {
	var b bytes.Buffer
	b.WriteString("/*\n")
	for _, f := range policies(false) {
		fmt.Fprintf(&b, "  %s: %s\n", f.name, f.value)
	}
	for _, name := range names {
		path := "/" + name
		if name == pageName {
			path = "/"
		}
		fmt.Fprintf(&b, "%s\n  Cache-Control: %s\n  Content-Type: %s\n", path, cacheControl(name), contentType(name))
	}
	return b.Bytes()
}

// contentType returns the media type for a file's extension. It does not use the
// machine's table, which may lack types or have others: browsers insist on
// application/wasm.
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
