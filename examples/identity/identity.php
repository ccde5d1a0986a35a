<?php
// Vouch for a visitor: a token that says who they are, for Kefu('identify', token).
//
// It needs PHP 8 and nothing else. Call `kefu_identity` on your server, with somebody who is
// signed in there, whenever you make a page for them; the secret never leaves the server. Who gets the
// page can read what is in the token, so name in it only what the visitor may see.
//
// To try it: for each line, {"user": {…}, "key": {…}}, it prints a token.

declare(strict_types=1);

/** `$key` is one of the inbox's: its `kid` and `secret`, and the inbox's `widget_key`. */
function kefu_identity(array $user, array $key): string
{
    if (($user['id'] ?? '') === '') {
        throw new InvalidArgumentException('nobody is signed in');
    }
    $header = ['alg' => 'HS256', 'kid' => $key['kid']];
    $claims = [
        'sub' => (string) $user['id'], // your own id of them, which nobody else ever gets
        'aud' => $key['widget_key'],
        'exp' => time() + 600, // seconds; at most a day ahead
        'name' => $user['name'] ?? null, // this and what follows: as you like
        'email' => $user['email'] ?? null,
        'phone' => $user['phone'] ?? null,
        'attributes' => (object) ($user['attributes'] ?? []), // an object, also without any
    ];
    $base64url = fn (string $raw) => rtrim(strtr(base64_encode($raw), '+/', '-_'), '=');
    $part = fn (array $json) => $base64url(json_encode($json, JSON_THROW_ON_ERROR));
    $signed = $part($header) . '.' . $part($claims);
    return $signed . '.' . $base64url(hash_hmac('sha256', $signed, $key['secret'], true));
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    while (($line = fgets(STDIN)) !== false) {
        ['user' => $user, 'key' => $key] = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
        echo kefu_identity($user, $key), "\n";
    }
}
