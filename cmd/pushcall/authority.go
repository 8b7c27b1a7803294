package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// checkAuthorities returns an error if the file of SSL_CERT_FILE has no certificate,
// or a folder of SSL_CERT_DIR cannot be read. crypto/x509 ignores these silently, and
// then trusts the system's authorities or none.
func checkAuthorities(file, dirs string) error {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" { // crypto/x509 uses neither there
		return nil
	}
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("SSL_CERT_FILE: %w", err)
		}
		if !x509.NewCertPool().AppendCertsFromPEM(text) {
			return fmt.Errorf("SSL_CERT_FILE: %s has no certificate", file)
		}
	}
	for _, dir := range filepath.SplitList(dirs) {
		if _, err := os.ReadDir(dir); err != nil {
			return fmt.Errorf("SSL_CERT_DIR: %w", err)
		}
	}
	return nil
}
