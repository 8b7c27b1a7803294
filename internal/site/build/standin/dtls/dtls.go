// Package dtls stands in for github.com/pion/dtls in the page's program. A
// browser has DTLS of its own, and of pion's whole implementation, with all
// that it needs of cryptography, pion/webrtc names but three constants there.
package dtls

// SRTPProtectionProfile is a DTLS-SRTP protection profile: RFC 5764,
// Section 4.1.2.
type SRTPProtectionProfile uint16

// The profiles of RFC 5764, Section 4.1.2, and RFC 7714, Section 14.2.
const (
	SRTP_AES128_CM_HMAC_SHA1_80 SRTPProtectionProfile = 0x0001
	SRTP_AEAD_AES_128_GCM       SRTPProtectionProfile = 0x0007
	SRTP_AEAD_AES_256_GCM       SRTPProtectionProfile = 0x0008
)
