# Sourced by scripts of this folder, in the repository's root: starts the workers device, edge and cloud on this
# machine, one thread each, and goes to a new folder that has their hosts.toml, NAME.out and NAME.err. All of it is
# gone when the script ends. Sets `root`, `program` and `pids`, to which the script may add.
# shellcheck shell=bash
root=$PWD
program=$root/build/release/scission
folder=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
for name in device edge cloud; do
  "$program" worker --name $name --listen 127.0.0.1:0 --cache "cache-$name" --threads 1 >$name.out 2>$name.err &
  pids+=($!)
done

address() { sed -n 's/.*listens on //p' "$1.out"; }

for name in device edge cloud; do
  until grep -q 'listens on' $name.out; do sleep 0.1; done
  printf '[[host]]\nname = "%s"\ntier = "%s"\naddress = "%s"\n' $name $name "$(address $name)" >>hosts.toml
done
