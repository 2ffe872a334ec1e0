#!/usr/bin/env bash
# OSS-Fuzz's and ClusterFuzzLite's build: $CC, $CXX, their flags and $LIB_FUZZING_ENGINE come from there, and everything goes to $OUT.
# The machine that runs the targets has no libssl, so it is linked statically. Runs in the project's root.
set -euo pipefail
build=${WORK:?}/build

# The core has no RTTI, which UBSan's vptr check needs.
export CXXFLAGS="${CXXFLAGS:-} -fno-sanitize=vptr"
rm -rf "$build"
meson setup "$build" --buildtype=plain --auto-features=disabled -Dfuzz_targets=enabled -Dfuzz_engine_link="$LIB_FUZZING_ENGINE" \
  -Dprefer_static=true -Db_lundef=false
ninja -C "$build"

for program in "$build"/fuzz/fuzz_*; do
  [ -f "$program" ] && [ -x "$program" ] || continue
  target=${program##*/fuzz_}
  [ "$target" != canary ] || continue
  cp "$program" "$OUT/"

  folders=()
  # What is played against OpenSSL is what is played against tocsin.
  for folder in "$target" "regressions/$target" "${target/%_script_openssl/_script}"; do [ ! -d "corpus/$folder" ] || folders+=("$folder"); done
  if [ ${#folders[@]} -gt 0 ]; then (cd corpus && zip -qr "$OUT/fuzz_${target}_seed_corpus.zip" "${folders[@]}"); fi

  for dictionary in "$target" tls; do
    [ -f "corpus/dictionaries/$dictionary.dict" ] || continue
    cp "corpus/dictionaries/$dictionary.dict" "$OUT/fuzz_$target.dict"
    break
  done
  options=$OUT/fuzz_$target.options
  if [ -f "fuzz/targets/$target.options" ]; then cp "fuzz/targets/$target.options" "$options"; else echo '[libfuzzer]' >"$options"; fi
  echo 'timeout = 10' >>"$options"
done
