"""A generator behind HTTP: ``GET /images.png?labels=red cube&n=4&seed=7`` answers a picture.

The file that ``GANX_MODEL`` names is loaded once, at the start. What a request may ask for is
limited, since each image costs time and memory, and so is how many requests are worked on at once.
"""

import os
from io import BytesIO
from threading import BoundedSemaphore
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request, Response
from pydantic import StringConstraints

from ganx_runtime import Generator, GeneratorError
from ganx_runtime.pictures import sheet_of

MOST_TEXTS = 8
LONGEST_TEXT = 200
MOST_IMAGES = 64
"""In one picture, of all texts together."""

MOST_PIXELS = 64 * 256 * 256
"""Of all images of a picture together: large images are made in smaller numbers."""

AT_ONCE = 2
"""Requests that are worked on at the same time; others are sent away, and may come again."""

Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Texts = Annotated[list[Text], Query(max_length=MOST_TEXTS)]
Count = Annotated[int, Query(ge=1, le=MOST_IMAGES)]
Seed = Annotated[int, Query(ge=0, lt=2**64)]


def create_app() -> FastAPI:
    """Load the generator and say what is answered."""
    generator = Generator.load(os.environ["GANX_MODEL"], os.environ.get("GANX_PROVIDER", "auto"))
    app = FastAPI(title="Pictures from a generator")
    free = BoundedSemaphore(AT_ONCE)

    @app.get("/about")
    def about() -> dict[str, Any]:
        """Tell what can be asked for."""
        return {
            "vocabulary": generator.vocabulary,
            "example": generator.example,
            "resolution": generator.resolution,
            "provider": generator.provider,
        }

    # Without "async", so that the server works on other requests meanwhile.
    @app.get("/images.png", response_class=Response)
    def images(
        request: Request,
        labels: Texts = [],  # noqa: B006 - FastAPI copies it for each request
        n: Count = 4,
        seed: Seed = 0,
    ) -> Response:
        """Draw n images for each text, or n in all as in training."""
        # A misspelled name would be answered by a picture of something else.
        if unknown := sorted(set(request.query_params) - {"labels", "n", "seed"}):
            raise HTTPException(422, f"{unknown[0]} is unknown; ask for labels, n and seed.")
        total = max(1, len(labels)) * n
        most = min(MOST_IMAGES, MOST_PIXELS // generator.resolution**2)
        if total > most:
            raise HTTPException(422, f"{total} images were asked for; at most {most} are made.")
        try:
            generator.batches(labels or None, n, seed)
        except GeneratorError as error:
            raise HTTPException(422, str(error)) from error
        if not free.acquire(blocking=False):
            raise HTTPException(503, "All places are taken.", headers={"Retry-After": "1"})
        try:
            picture = sheet_of(generator.sample(labels or None, n, seed), labels)
        finally:
            free.release()
        written = BytesIO()
        picture.save(written, "PNG")
        return Response(written.getvalue(), media_type="image/png")

    return app
