// Vouch for a visitor: a token that says who they are, for Kefu('identify', token).
//
// It needs Go 1.19 and nothing else. Call Identity on your server, with somebody who is
// signed in there, whenever you make a page for them; the secret never leaves the server. Who gets the
// page can read what is in the token, so name in it only what the visitor may see.
//
// To try it: for each line, {"user": {…}, "key": {…}}, it prints a token.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
)

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"
)

// Key is one of the inbox's: its kid and secret, and the inbox's widget key.
type Key struct {
	Kid       string `json:"kid"`
	Secret    string `json:"secret"`
	WidgetKey string `json:"widget_key"`
}

// User is somebody who is signed in on your site.
type User struct {
	ID         string         `json:"id"` // your own id of them, which nobody else ever gets
	Name       string         `json:"name"`
	Email      string         `json:"email"`
	Phone      string         `json:"phone"`
	Attributes map[string]any `json:"attributes"`
}

// Identity fails for nobody, and on attributes that JSON cannot tell.
func Identity(user User, key Key) (string, error) {
	if user.ID == "" {
		return "", errors.New("nobody is signed in")
	}
	header, err := json.Marshal(map[string]any{"alg": "HS256", "kid": key.Kid})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{
		"sub":        user.ID,
		"aud":        key.WidgetKey,
		"exp":        time.Now().Unix() + 600, // seconds; at most a day ahead
		"name":       user.Name,               // this and what follows: as you like
		"email":      user.Email,
		"phone":      user.Phone,
		"attributes": user.Attributes,
	})
	if err != nil {
		return "", err
	}
	part := base64.RawURLEncoding.EncodeToString
	signed := part(header) + "." + part(claims)
	mac := hmac.New(sha256.New, []byte(key.Secret))
	mac.Write([]byte(signed))
	return signed + "." + part(mac.Sum(nil)), nil
}

func main() {
	lines := json.NewDecoder(os.Stdin)
	for {
		var line struct {
			User User
			Key  Key
		}
		err := lines.Decode(&line)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		token, err := Identity(line.User, line.Key)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(token)
	}
}
