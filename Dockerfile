# The image of web, worker and migrate: the same pinned packages as `make env`, as an ordinary user.
FROM python:3.13-slim-trixie

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --create-home --uid 10001 maskballot

WORKDIR /srv/maskballot
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

COPY app app
COPY locale locale
COPY migrations migrations
COPY models models
COPY static static
COPY templates templates
COPY LICENSE README.md ./

USER maskballot
VOLUME /home/maskballot
EXPOSE 8800
CMD ["python", "-m", "app", "serve", "--host", "0.0.0.0"]
