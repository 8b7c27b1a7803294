// Command relay is a relay for push services without CORS in ten lines. The command
// pushcall relay also has limits, origins, metrics and --resolve.
package main

import (
	"log"
	"net/http"
	"time"

	"pushcall/relay"
)

func main() {
	server := &http.Server{
		Addr:              "localhost:8090",
		Handler:           &relay.Handler{Policy: relay.PushServices},
		ReadHeaderTimeout: 10 * time.Second,
	}
	log.Fatal(server.ListenAndServe())
}
