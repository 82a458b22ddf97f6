def test_says_that_it_is_alive_without_asking_the_database(client, queries):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.text == "alive\n"
    assert queries == []


def test_is_not_ready_on_a_database_that_was_never_migrated(client):
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "the database" in answer.text
