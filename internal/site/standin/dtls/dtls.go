// Package dtls stands in for pion/dtls in the page, where the browser speaks
// DTLS. It has the names of three protection profiles that pion/webrtc lists.
package dtls

// SRTPProtectionProfile is how media is encrypted with keys that DTLS agreed
// on.
type SRTPProtectionProfile uint16

// The profiles have pion's names.
const (
	SRTP_AES128_CM_HMAC_SHA1_80 SRTPProtectionProfile = 0x0001 // RFC 5764, Section 4.1.2
	SRTP_AEAD_AES_128_GCM       SRTPProtectionProfile = 0x0007 // RFC 7714, Section 14.2
	SRTP_AEAD_AES_256_GCM       SRTPProtectionProfile = 0x0008 // RFC 7714, Section 14.2
)
