# One image for every process of the product; docker-compose.yml says which one a container runs.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.lock /build/
# As scripts/bootstrap.sh does: the lock is complete in itself, and Rasa's pin of Python is older than what works.
RUN /venv/bin/pip install --no-cache-dir --require-hashes --no-deps --ignore-requires-python --compile \
    -r /build/requirements.lock
WORKDIR /app
COPY . /app
RUN /venv/bin/python -m bot train && rm -rf var .rasa

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --user-group --no-create-home community
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
RUN mkdir var && chown community:community var
USER 10001:10001
VOLUME /app/var
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
