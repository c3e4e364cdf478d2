#!/usr/bin/env bash
# Follows the live stream with curl: LIVETRAIL_KEY=… curl.sh URL
set -uo pipefail

readonly REFUSED=22
last_id='' pause=1
trap 'kill $! 2>/dev/null' EXIT

# curl does not come back by itself; this does, with the last id, when told to.
while true; do
    id='' event='' data=''
    while IFS= read -r line; do
        case $line in
            'retry: '*)
                milliseconds=${line#retry: }
                printf -v pause '%d.%03d' $((milliseconds / 1000)) $((milliseconds % 1000))
                ;;
            'id: '*) id=${line#id: } ;;
            'event: '*) event=${line#event: } ;;
            'data: '*) data=${line#data: } ;;
            '') # It is whole. A heartbeat has a name and is no message.
                [ -n "$event" ] || [ -z "$data" ] || printf '%s\n' "$data"
                last_id=${id:-$last_id}
                id='' event='' data=''
                ;;
        esac
    # curl leaves out a header that has no value.
    done < <(exec curl --no-buffer --silent --show-error --fail \
        -H "Authorization: Bearer $LIVETRAIL_KEY" -H "Last-Event-ID: $last_id" "$1")
    wait $! || [ $? != $REFUSED ] || exit 1
    sleep "$pause"
done
