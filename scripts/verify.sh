#!/bin/sh
# Checks a log of energy settlements with gpgv and sha256sum, without any program of this project:
#
#   sh verify.sh ROOT_SHA256 [FOLDER]
# ROOT_SHA256: the digest of the trust root that you noted elsewhere; get this script elsewhere too.
# FOLDER holds data/, settlements/ and trust/, and is only read. While this runs there is a scratch
# folder; there is no network. Exit: 0 all passed, 1 not, 64 usage. Formats: docs/spec/log.md.
set -euf
export LC_ALL=C CDPATH=''
if [ $# -lt 1 ] || [ $# -gt 2 ] || [ ${#1} -ne 64 ] || [ "${1#*[!0-9a-f]}" != "$1" ]; then
	echo 'usage: sh verify.sh ROOT_SHA256 [FOLDER]    ROOT_SHA256: 64 of 0-9 and a-f' >&2
	exit 64
fi
told='' scratch=''
trap 'code=$?; rm -rf "$scratch"; [ "$code" -ne 0 ] || exit 0
	[ "$told" ] || echo "FAILED: the check could not be completed"; exit 1' EXIT
trap 'exit 1' HUP INT TERM
fail() { told=1; printf 'FAILED: %s\n' "$*"; exit 1; }
for it in gpgv gpg sha256sum sed grep awk sort find mktemp rm; do command -v "$it" > /dev/null ||
	fail "there is no program $it"; done
scratch=$(mktemp -d); scratch=$(cd -- "$scratch" && pwd)
case ${2:-.} in /*) cd -- "$2" ;; *) cd -- "./${2:-.}" ;; esac

# What documents hold, as "key value" lines put into one. n: number, h: digest, f: fingerprint.
n='[1-9][0-9]*' h='"[0-9a-f]{64}"' f='"[0-9a-f]{40}"' log='"[a-z0-9][a-z0-9./-]{0,99}"' x='"[^ ]*"'
month='[0-9]{4}-(0[1-9]|1[0-2])' moment='[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z'
pin="$n.fingerprint $f [a-z_]+.$n.certificate_sha256 $h"
root_form='format "wattproof/trust-root/v1"'" log $log version $n previous_sha256 (null|$h) \
effective_from_sequence $n root_threshold $n (root_keys.$pin )+(finalizer_keys \[\] |(\
finalizer_keys.$pin finalizer_keys.$n.from_sequence $n finalizer_keys.$n.to_sequence (null|$n) )+)\
(approvals \[\] |(approvals.$n.role \"[a-z][a-z0-9-]{0,30}\" approvals.$pin )+)"
link="(previous null|previous.sequence $n previous.manifest_sha256 $h previous.[a-z_]+256 $h)"
basis="basis.kind (\"monthly\" |\"interval\" basis.time_zone $x basis.interval_minutes (5|[136][05]) \
basis.utc_start \"$month-$moment\" basis.utc_end \"$month-$moment\" basis.intervals $n \
(basis.offsets.$n.from \"$month-$moment\" basis.offsets.$n.minutes (0|-?$n) )+)"
manifest_form='format "wattproof/manifest/v1"'" log $log sequence $n period \"$month\" run $n kind \
(\"initial\" reason null $link supersedes null|\"(correction|dispute)\" reason $x $link \
supersedes.run $n supersedes.manifest_sha256 $h) trust_root.version $n trust_root.sha256 $h \
files.sha256 $h files.count $n files.bytes $n engine.spec 1 engine.version $x $basis\
(totals.[a-z_]+_wh (0|$n) ){8}source.object_format \"sha(1\" source.commit $f|256\" \
source.commit $h) (incidents \[\] |(incidents.$n.[a-z_]+ $x )+)finalized_at \"$month-$moment\" "

# Fails unless a JSON document has one key a line, two spaces a level, and the FORM. Its facts are
# then in $scratch/OUT: a.b is b in a, a.2.b is b in the second of a. Text with characters that
# could mean something to a terminal or a shell reads "?".
document() { # FILE FORM OUT
	echo "$1" >> "$scratch/known"
	awk '{
		match($0, /^ */); level = RLENGTH / 2; text = substr($0, RLENGTH + 1); sub(/,$/, "", text)
		if (text == "}" || text == "]") next
		if (match(text, /^"[a-z0-9_]+": /)) {
			key = substr(text, 2, RLENGTH - 4); text = substr(text, RLENGTH + 1)
		} else key = text == "{" ? ++entry[path[level - 1]] : "?"
		path[level] = (level > 1 ? path[level - 1] "." : "") key
		if (text ~ /^"([^"\\]|\\.)*"$/ && text !~ /^"[A-Za-z0-9.\/:_-]*"$/) text = "\"?\""
		if (text != "{" && text != "[") print path[level], text
	}' < "$1" > "$scratch/quoted"
	awk '{ printf "%s ", $0 } END { print "" }' < "$scratch/quoted" | grep -Eqx "$2" ||
		fail "$1 is not of the one form"
	sed 's/"//g' < "$scratch/quoted" > "$scratch/$3"
}
value() { awk -v key="^($1)\$" '$1 ~ key { printf "%s%s", n++ ? " " : "", $2 }' < "$scratch/$2"; }
is() { # PATTERN EXPECTED, of $facts in $path
	[ "$2" = "$(value "$1" "$facts")" ] || fail "$path: $1 is $(value "$1" "$facts"), expected $2"
}
digest() { { sha256sum < "$1" | sed 's/ .*//'; } 2> /dev/null; }

# Prints the bytes of an armored FILE. Its checksum may be left out; where there is no padding
# either, which gpg 2.2 cannot read, an empty packet of the kind "marker" brings some.
unarmor() { # FILE
	echo "$1" >> "$scratch/known"
	awk '/^-----BEGIN/ { padded = 0 } /^[A-Za-z0-9+\/]+=/ { padded = 1 } /^=..../ { next }
		/^-----END/ && !padded { print "ygNQR1A=" } { print }' < "$1" |
		gpg --homedir "$scratch" --no-options --batch --dearmor 2> /dev/null
}
# Fails unless SIGNATURE is one good signature, of the binary kind, over FILE by one of KEYS.
signed() { # FILE SIGNATURE KEYS
	file=$1 signature=$2 keys=$3
	set --
	for key in $keys; do set -- "$@" --keyring "$scratch/$key.gpg"; done
	[ -f "$signature" ] && unarmor "$signature" > "$scratch/signature" &&
		gpgv --homedir "$scratch" --ignore-time-conflict --status-fd 1 "$@" \
			"$scratch/signature" "$file" > "$scratch/status" 2> /dev/null &&
		printf '%s\n' "$keys" | grep -Fqx "$(awk '$2 == "VALIDSIG" { number++
			if ($3 == $12 && $11 == "00") key = tolower($3) }
			END { print number == 1 && key ? key : "none" }' < "$scratch/status")" ||
		fail "$signature is not there, or not one good signature by a key that may sign this"
}
# Notes what lies in FOLDERS: plain files, names of harmless characters, nothing signed is large.
look() { # FOLDERS
	odd=$(find "$@" ! -type d \( ! -type f -o -path '*[!A-Za-z0-9_./-]*' -o -path '*/[.-]*' -o \
		-size +65535c \( -path 'trust/*' -o -name manifest.json -o -name '*.asc' \) \) |
		sed 's/[^A-Za-z0-9_.\/-]/?/g; 1q')
	[ -z "$odd" ] || fail "$odd is no plain file, too large, or has a name that no log allows"
	find "$@" ! -type d >> "$scratch/there"
}
[ -d trust ] && [ -d settlements ] && [ ! -h data ] || fail 'there is no log here'
look trust settlements

# The trust roots, each bound to the one before. What is read is noted in $scratch/known.
version=0 effective=0 threshold=0 sha256=null name=''
: > "$scratch/root-0" > "$scratch/roots" > "$scratch/order" > "$scratch/runs"
keys() { # VERSION KIND [SEQUENCE or ROLE]: the fingerprints
	awk -v kind="$2" -v at="${3:-}" '{ split($1, part, "."); fact[part[3]] = $2 }
		part[1] == kind && (kind == "finalizer_keys" ? part[3] == "to_sequence" &&
			fact["from_sequence"] <= at && ($2 == "null" || at <= $2) : part[3] == "certificate_sha256" &&
			(kind == "root_keys" || fact["role"] == at)) { print fact["fingerprint"] }' \
		< "$scratch/root-$1"
}
while [ -f "trust/root-$((version + 1)).json" ]; do
	before=$version version=$((version + 1)) last_effective=$effective last_threshold=$threshold
	path=trust/root-$version.json facts=root-$version
	document "$path" "$root_form" "$facts"
	name=${name:-$(value log "$facts")}
	is 'log|version|previous_sha256' "$name $version $sha256"
	[ "$version" -gt 1 ] || is effective_from_sequence 1
	effective=$(value effective_from_sequence "$facts") threshold=$(value root_threshold "$facts")
	[ "$effective" -gt "$last_effective" ] || fail "$path takes effect too early"
	sha256=$(digest "$path")
	echo "$effective $version $sha256" >> "$scratch/roots"
	awk '$1 ~ /fingerprint$/ { key = $2 } $1 ~ /certificate_sha256$/ { print key, $2 }' \
		< "$scratch/$facts" | sort > "$scratch/pins"
	sed 's/ .*//' < "$scratch/pins" | sort -c -u 2> /dev/null || fail "$path names a key twice"
	while read -r key expected; do
		[ "$(digest "trust/keys/$key.asc")" = "$expected" ] &&
			unarmor "trust/keys/$key.asc" > "$scratch/$key.gpg" ||
			fail "trust/keys/$key.asc is not the certificate that $path names"
	done < "$scratch/pins"
	for judge in "$version $threshold" "$before $last_threshold"; do
		good=0
		for key in $(keys "${judge% *}" root_keys); do
			[ -f "$path.$key.asc" ] || continue
			signed "$path" "$path.$key.asc" "$key"; good=$((good + 1))
		done
		[ "$good" -ge "${judge#* }" ] || fail "$path: too few signatures by keys of root ${judge% *}"
	done
done
grep -q " $1\$" "$scratch/roots" || fail "no trust root here has the digest $1"

# The runs, by sequence number.
for path in $(find settlements -type f -name manifest.json |
	grep -Ex "settlements/$month/r[1-9][0-9]{0,3}/manifest[.]json"); do
	period=${path#*/} period=${period%%/*} run=${path##*/r} run=${run%/*}
	[ ! -d "data/$period" ] || look "data/$period"
	document "$path" "$manifest_form" "$period-$run"
	echo "$(value sequence "$period-$run") $period $run" >> "$scratch/order"
done
sort -n -o "$scratch/order" "$scratch/order"
count=0 previous=null last_time='' next=''
while read -r _ period run; do
	folder=settlements/$period/r$run count=$((count + 1)) facts=$period-$run
	path=$folder/manifest.json list=$folder/SHA256SUMS inputs="data/$period/" before=''
	is 'log|sequence|period|run' "$name $count $period $run"
	is 'previous.*' "$previous"
	root=$(awk -v at="$count" '$1 <= at { it = $2 " " $3 } END { print it }' < "$scratch/roots")
	is 'trust_root.*' "$root"
	signed "$path" "$path.asc" "$(keys "${root% *}" finalizer_keys "$count")"
	if [ "$run" -eq 1 ]; then
		is 'period|supersedes.*' "${next:=$period} null"
		next=$(awk -v period="$period" 'BEGIN { split(period, at, "-")
			printf "%04d-%02d", at[1] + (at[2] == 12), at[2] % 12 + 1 }')
	else
		before=settlements/$period/r$((run - 1)) inputs="data/$period/(r[1-9][0-9]*/)?"
		grep -Fqx "$period $((run - 1))" "$scratch/runs" || fail "$before does not precede $folder"
		is 'supersedes.*' "$((run - 1)) $(digest "$before/manifest.json")"
	fi
	time=$(value finalized_at "$facts")
	printf '%s\n' "$last_time" "$time" | sort -c 2> /dev/null || fail "$path: time runs backwards"
	printf '%s\n' "$period" "${time%-*}" | sort -c -u 2> /dev/null || fail "$path is too early"
	is 'files.(sha256|count)' "$(digest "$list") $(sed -n '$=' "$list")"
	! grep -Evqx "[0-9a-f]{64}  ($inputs|$folder/)[A-Za-z0-9_][A-Za-z0-9._-]*" "$list" ||
		fail "$list names what is no file of this run"
	sed 's/^.*  //' < "$list" | sort -c -u 2> /dev/null || fail "$list is not in order"
	[ -z "$before" ] || [ "$(grep '  data/' "$before/SHA256SUMS")" = \
		"$(grep '  data/' "$list" | grep -v "  data/$period/r$run/")" ] ||
		fail "$list does not repeat the inputs of $before"
	sha256sum --strict --quiet -c "$list" > "$scratch/status" 2> /dev/null ||
		fail "$(sed 's/: .*//; 1q' < "$scratch/status") is not the file of $list"
	for role in $(value 'approvals.*role' "root-${root% *}"); do
		signed "$path" "$folder/approvals/$role.asc" "$(keys "${root% *}" approvals "$role")"
	done
	{ echo "$list"; sed 's/^.*  //' < "$list"; } >> "$scratch/known"
	echo "$period $run" >> "$scratch/runs"
	previous="$count $(digest "$path") $(find "$folder" -name '*.asc' -type f -exec sha256sum {} + |
		sort -k 2 | sha256sum | sed 's/ .*//')"
	last_time=$time newest="period $period run $run"
	echo "$count  $period r$run  $(value files.count "$facts") files  $(digest "$path")"
done < "$scratch/order"
[ "$count" -gt 0 ] || fail 'there is no run'

# Nothing else lies there, except the data of a correction that is not final yet.
awk '$2 > run[$1] { run[$1] = $2 } END { for (it in run) print "data/" it "/r" run[it] + 1 "/" }' \
	< "$scratch/runs" >> "$scratch/known"
unlisted=$(awk 'NR == FNR { known[$0]; next } { folder = $0; sub(/[^\/]*$/, "", folder) }
	!($0 in known) && !(folder in known && /[.]csv$|\/correction[.]json$/) { print; exit }' \
	"$scratch/known" "$scratch/there")
[ -z "$unlisted" ] || fail "$unlisted has no place in this log"
echo '
Not checked: that the figures follow from the readings, that the readings are true, the strict form
of signatures and certificates, file modes, the Git history. Files do not show that the newest runs
were removed: compare the last number and its digest with what you noted.'
echo "OK: $count runs, last sequence $count, $newest"
