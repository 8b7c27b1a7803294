package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// checkAuthorities refuses what crypto/x509 skips without a word, to trust the
// system's authorities or none: a file of SSL_CERT_FILE that has no
// certificate, and a folder of SSL_CERT_DIR that cannot be read.
func checkAuthorities(file, dirs string) error {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" { // where neither is looked at
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
