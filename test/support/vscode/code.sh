#!/bin/sh
# Stands in for the `code` executable of a desktop VS Code: see codeCommand.ts.
here=$(dirname "$(readlink -f "$0")")
exec "$here/../../../node_modules/node/bin/node" "$here/codeCommand.ts" "$@"
