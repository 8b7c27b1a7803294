package pushlab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"time"
)

// certificateLife is far longer than a lab runs.
const certificateLife = 7 * 24 * time.Hour

// certificate is the certificate of the lab's TLS listeners and the authority
// that signed it.
type certificate struct {
	leaf      tls.Certificate
	authority *x509.Certificate
}

// newCertificate makes an authority and a certificate that it signs, for FCM's
// host names and for loopback. Both keys are new for every lab. The authority's key
// is not stored, so trusting the authority means trusting these names only.
func newCertificate() (*certificate, error) {
	now := time.Now()
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("pushlab: make the authority's key: %w", err)
	}
	authority, err := sign(&x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "Pushcall lab authority"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(certificateLife),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign,
	}, nil, authorityKey, authorityKey)
	if err != nil {
		return nil, err
	}

	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("pushlab: make the listeners' key: %w", err)
	}
	leaf, err := sign(&x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "Pushcall lab"},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(certificateLife),
		DNSNames:     append(fcmHosts(), "localhost"),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, authority, leafKey, authorityKey)
	if err != nil {
		return nil, err
	}
	return &certificate{
		leaf:      tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: leafKey, Leaf: leaf},
		authority: authority,
	}, nil
}

// sign returns the template's certificate for key, signed by parent, or
// self-signed if parent is nil.
func sign(template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) (*x509.Certificate, error) {
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		return nil, fmt.Errorf("pushlab: sign a certificate: %w", err)
	}
	return x509.ParseCertificate(der)
}

// keyHash returns the hash of the listeners' key for Chromium's
// --ignore-certificate-errors-spki-list. Chromium has no argument to trust an
// authority, but this one trusts a certificate's key.
func (c *certificate) keyHash() string {
	hash := sha256.Sum256(c.leaf.Leaf.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(hash[:])
}
