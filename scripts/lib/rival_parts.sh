# The parts of a comparison of rivals, for scripts/rivals. To be sourced by bash behind draws.sh.
# flags_of PART SET sets `flags`, those of gansynth_isa_experiment; empty where the part has nothing to say about the set.
# `work` is the folder of the experiments.

parts=(real cheap gansynth components diffusion specgan wavegan envgan published
  guessed guessed_learner pseudo_labels fixmatch mean_teacher
  classifier_elsewhere published_elsewhere embedding)

# Trains a classifier or a GAN on simulated recordings, cut like those of a real set, for others to start from.
start_elsewhere() { # SET classifier|gan
  start="$work/starts/$1/$2"
  local dataset=mb recordings="$work/recordings/1" flags=(--flagfile="$1" --folds=none
    --file_pattern='(?P<split>train|test)/(?P<label>\w+)/[^/]+\.wav')
  [[ "$1" != building_impacts ]] || dataset=pucks recordings="$work/recordings/pucks-1"
  simulated "$dataset" "$recordings" 1
  flags+=(--data_dir="$recordings")
  [[ ! -e "$start.done" ]] || return 0
  case "$2" in
    classifier) gansynth_isa_classify "${flags[@]}" --method=augmented --output_dir="$start" ;;
    gan) gansynth_isa_train "${flags[@]}" --flagfile=as_published --train_root_dir="$start" ;;
  esac
  mkdir -p "$work/starts/$1"
  touch "$start.done"
}

flags_of() {
  local set="$2"
  local with_clips=(--methods=gan_augmented --instrument_trials=1)
  flags=()
  case "$1" in
    real) flags=(--methods=baseline,augmented,lda) ;;
    cheap) flags=("${with_clips[@]}" --generators=gaussian,transfer,smote,events,copies) ;;
    gansynth | diffusion | specgan | wavegan) flags=("${with_clips[@]}" --generators="$1") ;;
    envgan) # of clips above 2 s, and at the rate of the set at most 4.4 s: with real clips of that length beside them
      [[ "$set" == pucks ]] || return 0
      flags=(--methods=baseline,augmented,gan_augmented --instrument_trials=1 --generators=wavegan
        --wavegan_architecture=envgan --clip_seconds=4.4) ;;
    components) flags=("${with_clips[@]}" --generators=diffusion --diffusion_latents=components) ;;
    published) flags=("${with_clips[@]}" --generators=gansynth --flagfile=as_published --augmented_clips=real) ;;
    guessed) flags=(--methods=gan_augmented --generators=gaussian --guessed_clips=pool) ;;
    guessed_learner)
      flags=(--methods=augmented,gan_augmented,lda --generators=gaussian --guessed_clips=pool --learner=guessed
        --unlabelled=pool) ;;
    pseudo_labels | fixmatch | mean_teacher)
      flags=(--methods=augmented,gan_augmented --generators=gaussian --learner="$1" --unlabelled=pool) ;;
    classifier_elsewhere)
      [[ "$set" == balls || "$set" == pucks ]] && return
      start_elsewhere "$set" classifier
      flags=(--methods=augmented --classifier_init_from="$start") ;;
    published_elsewhere)
      [[ "$set" == balls || "$set" == pucks ]] && return
      start_elsewhere "$set" gan
      flags=("${with_clips[@]}" --generators=gansynth --flagfile=as_published --augmented_clips=real
        --init_from="$start") ;;
    embedding)
      [[ -n "${EMBEDDING_MODEL:-}" ]] || { echo "embedding: left out, EMBEDDING_MODEL names no model" && return; }
      # shellcheck disable=SC2206  # several flags
      flags=(--methods=baseline --trials=1 --classifier=embedding --embedding_model="$EMBEDDING_MODEL"
        ${EMBEDDING_FLAGS:-}) ;;
    *) fail "expected some of ${parts[*]}, got $1" ;;
  esac
}
