#!/bin/sh
# Install OASIS Studio for one person (default) or, as root, for all: install.sh [FOLDER]. install.sh --remove takes it away.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
if [ "$(id -u)" -eq 0 ]; then prefix=/usr/local; place=/opt/oasis-studio
else prefix=${XDG_DATA_HOME:-$HOME/.local/share}; prefix=${prefix%/share}; place=$HOME/.local/opt/oasis-studio; fi
parts="applications/oasis-studio.desktop thumbnailers/oasis-studio.thumbnailer mime/packages/oasis-studio.xml metainfo/oasis-studio.metainfo.xml"

refresh() {
    command -v update-desktop-database >/dev/null && update-desktop-database -q "$prefix/share/applications" || :
    command -v update-mime-database >/dev/null && [ -d "$prefix/share/mime/packages" ] && update-mime-database "$prefix/share/mime" || :
}

remove() {
    [ -f "$prefix/bin/oasis-studio" ] || [ -L "$prefix/bin/oasis-studio" ] && place=$(dirname -- "$(readlink -f "$prefix/bin/oasis-studio")") || :
    rm -f "$prefix/bin/oasis-studio"
    for part in $parts; do rm -f "$prefix/share/$part"; done
    find "$prefix/share/icons/hicolor" -name 'oasis-studio.*' -delete 2>/dev/null || :
    case $place in */oasis-studio) rm -rf "$place" ;; esac
    refresh
}

if [ "${1:-}" = --remove ]; then remove; echo "OASIS Studio is removed. Your drawings and models are where they were."; exit 0; fi
[ -n "${1:-}" ] && place=$1/oasis-studio

refuse() { echo "$1" >&2; exit 1; }
for folder in "$(dirname -- "$place")" "$prefix/bin" "$prefix/share"; do
    mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ] || refuse "OASIS Studio cannot be installed: you may not write to $folder."
done
need=$(du -sk "$here/oasis-studio" | cut -f1)
free=$(df -Pk "$(dirname -- "$place")" | awk 'NR == 2 {print $4}')
[ "$free" -ge "$need" ] || refuse "OASIS Studio needs $((need / 1024)) MB in $place; $((free / 1024)) MB are free."
rm -rf "$place.new"
cp -R "$here/oasis-studio" "$place.new" || { rm -rf "$place.new"; refuse "The files could not be copied; nothing was changed."; }
rm -rf "$place"   # a program that runs keeps its open files
mv "$place.new" "$place"
ln -sf "$place/oasis-studio" "$prefix/bin/oasis-studio"
cp -R "$here/integration/share/." "$prefix/share/"
for part in $parts; do sed -i "s|@PROGRAM@|\"$place/oasis-studio\"|" "$prefix/share/$part"; done
refresh
echo "OASIS Studio is in $place; start it from the menu or as $prefix/bin/oasis-studio."
