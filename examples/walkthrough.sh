#!/bin/sh
# Kefu over HTTP in a few calls of curl: an inbox, a visitor who asks, an agent who answers, a search,
# the webhooks. Needs curl and python3, and somebody with the role admin:
#
#   KEFU_URL=http://127.0.0.1:3000 KEFU_EMAIL=… KEFU_PASSWORD=… sh walkthrough.sh
set -eu
api="$KEFU_URL/api/v1"

# field NAME…: one field of the JSON on stdin, by the way to it: a text as it is, all else as JSON
field() {
    python3 -c 'import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1:]:
    value = value[int(name) if name.isdigit() else name]
print(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))' "$@"
}

# call TOKEN METHOD PATH [--data JSON]: one command. The header in $widget names the inbox to which
# a visitor comes who has not written yet; with others it changes nothing.
widget="X-Kefu-Widget: "
call() {
    token=$1 method=$2 path=$3
    shift 3
    curl --silent --show-error --fail-with-body --request "$method" "$api$path" \
        --header "Authorization: Bearer $token" --header "$widget" \
        --header "Content-Type: application/json" "$@"
}

echo "1. Sign in"
login=$(python3 -c 'import json, os
print(json.dumps({"email": os.environ["KEFU_EMAIL"], "password": os.environ["KEFU_PASSWORD"]}))')
agent=$(curl --silent --show-error --fail-with-body "$api/session" \
    --header "Content-Type: application/json" --data "$login" | field token)

echo "2. Make an inbox; its key is what a web page names it by"
inbox=$(call "$agent" POST /inboxes --data "{\"name\": \"Walkthrough $(date +%s)\"}")
inbox_id=$(echo "$inbox" | field id)
widget="X-Kefu-Widget: $(echo "$inbox" | field widget_key)"

echo "3. A visitor draws a token and begins a conversation"
visitor=$(python3 -c 'import secrets; print("kd_" + secrets.token_urlsafe(32))')
question='{"client_id": "question-1", "text": "Where is my parcel? 我的包裹在哪里？"}'
conversation=$(call "$visitor" POST /conversations --data "$question" | field conversation id)
again=$(call "$visitor" POST /conversations --data "$question" | field conversation id)
[ "$conversation" = "$again" ] && echo "   conversation $conversation; sent twice, stored once"

echo "4. An agent picks it and answers"
call "$agent" POST "/conversations/$conversation/pick" >/dev/null
call "$agent" POST "/conversations/$conversation/messages" \
    --data '{"client_id": "answer-1", "text": "It arrives tomorrow."}' >/dev/null
call "$agent" POST "/conversations/$conversation/notes" \
    --data '{"client_id": "note-1", "text": "Lost it once already."}' >/dev/null

echo "5. The visitor reads; notes are not for them"
call "$visitor" GET "/conversations/$conversation/messages" | python3 -c 'import json, sys
for entry in json.load(sys.stdin)["items"]:
    if entry["type"] == "message":
        print("  ", entry["sender"]["role"] + ":", entry["text"])'

echo "6. Search, in any language"
tries=0
until [ "$(curl --silent --get "$api/search/messages" --header "Authorization: Bearer $agent" \
    --data-urlencode "text=包裹" | python3 -c 'import json, sys
print(len(json.load(sys.stdin).get("items", [])))')" -gt 0 ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || { echo "   not found" && exit 1; }
    sleep 0.1 # the index follows what is said
done
echo "   found"

echo "7. Resolve it"
call "$agent" PUT "/conversations/$conversation/status" --data '{"status": "resolved"}' | field status

echo "8. The webhooks that there are"
call "$agent" GET /webhooks | field items

echo "9. Put the inbox away"
call "$agent" POST "/inboxes/$inbox_id/deactivate" >/dev/null
echo done
