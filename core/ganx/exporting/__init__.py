"""What every file format needs: preparation, publishing, verification, self-description."""
