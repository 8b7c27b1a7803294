package relay_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"

	"pushcall/relay"
)

// The push service is one of this machine here, which Dial and Roots find. A
// relay on the Internet has neither, and the Policy PushServices.
func ExampleHandler() {
	service := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("the service got", r.Method, r.URL.Path, "for", r.Header.Get("TTL"), "s")
		w.WriteHeader(http.StatusCreated)
	}))
	defer service.Close()
	roots := x509.NewCertPool()
	roots.AddCert(service.Certificate())

	policy, err := relay.AllowHost("example.com")
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(&relay.Handler{
		Policy: policy,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, service.Listener.Addr().String())
		},
		Roots: roots,
	})
	defer server.Close()

	for _, endpoint := range []string{"https://example.com/push/token", "https://example.net/push/token"} {
		request, err := http.NewRequest(http.MethodPost, server.URL, strings.NewReader("what webpush.Encrypt makes"))
		if err != nil {
			log.Fatal(err)
		}
		request.Header = http.Header{
			"Push-Endpoint": {endpoint}, "Ttl": {"60"}, "Authorization": {"vapid t=token, k=key"},
			"Content-Encoding": {"aes128gcm"}, "Content-Type": {"application/octet-stream"},
		}
		answer, err := server.Client().Do(request)
		if err != nil {
			log.Fatal(err)
		}
		answer.Body.Close()
		fmt.Printf("%s %q\n", answer.Status, answer.Header.Get("Push-Refusal"))
	}
	// Output:
	// the service got POST /push/token for 60 s
	// 201 Created ""
	// 403 Forbidden "unknown-service"
}
