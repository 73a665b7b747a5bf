#!/bin/sh
# The test images of Pillow in .cache/odd/, for make test-long: from its sources on PyPI, of the version
# that is installed; a loud word where they cannot be had.
set -e
python=.venv/bin/python
version=$($python -c "import PIL; print(PIL.__version__)")
folder=.cache/odd/pillow-$version
[ -d "$folder/Tests/images" ] && exit 0
mkdir -p .cache/odd
if ! timeout 600 $python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary pillow \
    --dest .cache/odd "pillow==$version" >/dev/null 2>&1 ||
  ! tar xzf ".cache/odd/pillow-$version.tar.gz" -C .cache/odd "pillow-$version/Tests/images"; then
  rm -rf "$folder"
  echo "=================================================================="
  echo "NO ODD IMAGES: the sources of Pillow could not be downloaded. The"
  echo "test that uploads its test images will be SKIPPED."
  echo "=================================================================="
fi
