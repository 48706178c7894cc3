# The cases that all measurements use: make_case NAME MAPS OUT writes the scenario folder OUT/NAME/scenario.
# Sourced by gaps.sh and time.sh; CLEARWAY is the program.

CASES="columbus helsinki liechtenstein rafah-2024"

map_of() { # NAME MAPS: the map's file, nothing if the case needs none
    case $1 in
        columbus) echo "$2/columbus.osm.pbf" ;;
        helsinki) echo "$2/Helsinki.osm.pbf" ;;
        liechtenstein) echo "$2/liechtenstein-2013-08-03.osm.pbf" ;;
    esac
}

area_of() { echo "$ROOT/bench/areas/$1.geojson"; }

people_of() {
    case $1 in
        columbus) echo 900000 ;;
        helsinki) echo 40000 ;;
        liechtenstein) echo 37000 ;;
    esac
}

make_case() {
    local name=$1 maps=$2 to=$3/$1/scenario map
    map=$(map_of "$name" "$maps")
    mkdir -p "$3/$1"
    if [ -z "$map" ]; then
        rm -rf "$to"
        cp -r "$ROOT/examples/$name" "$to"
    else
        "$CLEARWAY" new "$to" --roads "$map" --area "$(area_of "$name")" --people "$(people_of "$name")" --replace
    fi
}

wanted() { # MAPS CASE...: the named cases, or all whose map is there
    local maps=$1 name map
    shift
    for name in ${*:-$CASES}; do
        map=$(map_of "$name" "$maps")
        if [ -z "$map" ] || [ -f "$map" ]; then
            echo "$name"
        else
            echo "left out: $name, there is no $map" >&2
        fi
    done
}
