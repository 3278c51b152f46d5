# Where the recordings of a draw are, for scripts/judge and scripts/rivals. To be sourced by bash behind environment.sh.
# draw_place WORK SET DRAW sets `place`, the flags of gansynth_isa_experiment, and makes simulated recordings if need be.
#
# A draw of balls or pucks is a new simulated set, of seed 11 and up. One of the real sets is a new subset of training
# clips with the next group as test side: recordings 2, 3 and 4 of bulk material, floors 2F and 3F of building impacts.
# GANSYNTH_ISA_SHARED is the folder whose data/ holds the real ones.

shared="${GANSYNTH_ISA_SHARED:-$repository/../shared}"

simulated() { # DATASET FOLDER SEED
  [[ -e "$2.done" ]] || gansynth_isa_simulate --dataset="$1" --data_dir="$2" --seed="$3"
  touch "$2.done"
}

draw_place() {
  local recordings="$1/recordings" set="$2" draw="$3" seed=$((11 + $3))
  case "$set" in
    balls)
      simulated mb "$recordings/$seed" "$seed"
      place=(--flagfile=mb_two_cores --data_dir="$recordings/$seed" --subset_seeds="$draw") ;;
    pucks)
      simulated pucks "$recordings/pucks-$seed" "$seed"
      place=(--flagfile=pucks_two_cores --data_dir="$recordings/pucks-$seed" --subset_seeds="$draw") ;;
    bulk_material)
      place=(--flagfile=bulk_material --data_dir="$shared/data/bulk_material"
        --test_groups=$((2 + draw % 3)) --subset_seeds=$((draw / 3))) ;;
    building_impacts)
      place=(--flagfile=building_impacts --data_dir="$shared/data/building_impacts"
        --test_groups=$((2 + draw % 2))F --subset_seeds=$((draw / 2))) ;;
    *) fail "expected balls, pucks, bulk_material or building_impacts, got $set" ;;
  esac
  place+=(--folds=none)
}
