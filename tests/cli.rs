//! The command line: help, exit codes, bad input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use support::{Desk, fed, outcome, tollwatch};

const COMMANDS: [&str; 21] = [
    "run",
    "once",
    "demo",
    "check",
    "extract",
    "explain",
    "article",
    "claims",
    "show",
    "series",
    "log",
    "sources",
    "verify",
    "export",
    "backfill",
    "opml",
    "backup",
    "restore",
    "doctor",
    "completions",
    "man",
];

#[test]
fn every_command_explains_itself() {
    let whole = outcome(&mut tollwatch(&["--help"]));
    assert_eq!(whole.code, 0);
    for command in COMMANDS {
        assert!(whole.stdout.contains(command), "{command}");
        let help = outcome(&mut tollwatch(&[command, "--help"]));
        assert_eq!(help.code, 0, "{command}");
        assert!(help.stdout.contains("Usage:") && help.stdout.lines().count() > 5, "{command}: {}", help.stdout);
    }
    assert_eq!(
        outcome(&mut tollwatch(&["--version"])).stdout.trim(),
        format!("tollwatch {}", env!("CARGO_PKG_VERSION"))
    );
    assert!(outcome(&mut tollwatch(&["man"])).stdout.contains(".TH tollwatch 1"));
    let listed = outcome(&mut tollwatch(&["man", "--list"])).stdout;
    let pages: Vec<&str> = listed.lines().collect();
    assert!(pages.contains(&"tollwatch-run") && pages.contains(&"tollwatch-opml-import"), "{listed}");
    for name in ["tollwatch-opml-import", "tollwatch.toml"] {
        let page = outcome(&mut tollwatch(&["man", name])).stdout;
        assert!(page.contains(&format!(".TH {name} ")) && page.lines().count() > 10, "{name}: {page}");
    }
    assert_eq!(outcome(&mut tollwatch(&["man", "tollwatch-nothing"])).code, 2);
    assert!(outcome(&mut tollwatch(&["completions", "bash"])).stdout.contains("_tollwatch"));
}

#[test]
fn wrong_usage_is_exit_code_2() {
    for arguments in [
        &["claims", "--outcome", "hurt"][..],
        &["nonsense"],
        &["show"],
        &["claims", "--since", "soon"],
        &["extract", "--lang", "E N"],
    ] {
        assert_eq!(outcome(&mut tollwatch(arguments)).code, 2, "{arguments:?}");
    }
}

#[test]
fn a_wrong_configuration_is_exit_code_78_and_every_mistake_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("sources")).unwrap();
    std::fs::write(folder.path().join("tollwatch.toml"), "[http]\ntimeout = \"soon\"\n").unwrap();
    let sources = "[[source]]\nid = \"a\"\nfeed = \"gopher://x/\"\n\n[[source]]\nid = \"a\"\nfeed = \"http://x/\"\nlang = \"xx\"\nconflicts = [\"mars\"]\n";
    std::fs::write(folder.path().join("sources/all.toml"), sources).unwrap();
    for command in ["check", "run", "once"] {
        let ended = outcome(tollwatch(&[command]).arg("--config").arg(folder.path()));
        assert_eq!(ended.code, 78, "{command}: {}", ended.stderr);
        for expected in [
            "tollwatch.toml:2:",
            "timeout",
            "sources/all.toml:3:",
            "feed",
            "sources/all.toml:6:",
            "sources/all.toml:8:",
            "sources/all.toml:9:",
            "mars",
        ] {
            assert!(ended.stderr.contains(expected), "{command} does not say {expected}:\n{}", ended.stderr);
        }
    }
}

#[test]
fn a_ledger_that_cannot_be_opened_is_named_with_a_remedy() {
    let desk = Desk::new(&[]);
    std::fs::write(desk.ledger(), "this is no database, and long enough to be seen as none").unwrap();
    let ended = desk.run(&["claims"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("ledger.db") && ended.stderr.contains("check that"), "{}", ended.stderr);
}

#[test]
fn a_ledger_of_a_newer_version_is_left_alone() {
    let desk = Desk::new(&[]);
    assert_eq!(desk.run(&["claims"]).code, 0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(desk.ledger());
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        sqlx::raw_sql("PRAGMA user_version = 99; INSERT INTO formats VALUES (99, '99.1.0')")
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
    });
    for command in ["claims", "run", "verify"] {
        let ended = desk.run(&[command]);
        assert_eq!(ended.code, 78, "{command}: trying again is of no use");
        for told in ["ledger.db", "format 99", "install tollwatch 99.1.0 or newer"] {
            assert!(ended.stderr.contains(told), "{}", ended.stderr);
        }
    }
}

#[test]
fn claims_come_out_of_a_stream_in_its_order() {
    let lines = [
        r#"{"id": "one", "text": "Zelensky said on March 2 that 31,000 Ukrainian soldiers had been killed since the start of the war.", "published": "2024-03-03", "lang": "en", "conflict": "russia-ukraine"}"#,
        "not JSON",
        r#"{"id": "three", "text": "Nothing happened."}"#,
    ];
    let ended = fed(&["extract", "--jsonl"], &lines.join("\n"));
    assert_eq!(ended.code, 4, "{}", ended.stderr);
    let answers: Vec<serde_json::Value> =
        ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 3);
    let claim = &answers[0]["claims"][0];
    assert_eq!(
        (&answers[0]["id"], &claim["min"], &claim["party"], &claim["claimant_id"]),
        (&"one".into(), &31_000.into(), &"ukraine".into(), &"zelensky".into())
    );
    assert_eq!((&answers[1]["id"], answers[1]["error"].is_string()), (&serde_json::Value::Null, true));
    assert_eq!(answers[2], serde_json::json!({ "id": "three", "claims": [] }));
}

#[test]
fn articles_that_come_together_are_answered_as_each_alone() {
    let article = |id: usize, text: &str| {
        serde_json::json!({ "id": id.to_string(), "text": text, "published": "2024-03-03", "lang": "en", "conflict": "russia-ukraine" })
            .to_string()
    };
    let texts = [
        "Kyiv said on March 2 that 31,000 Ukrainian soldiers had been killed. It put the wounded at twice as many.",
        "Missiles hit Kharkiv.\n\nThe mayor said 12 people died. Five others were wounded, he said.\n\nThree are missing.",
        "Nothing happened.",
    ];
    let lines: Vec<String> = (0..300).zip(texts.iter().cycle()).map(|(id, text)| article(id, text)).collect();
    let together = fed(&["extract", "--jsonl"], &lines.join("\n")).stdout;
    let alone: Vec<String> =
        lines.iter().take(texts.len()).map(|line| fed(&["extract", "--jsonl"], line).stdout).collect();
    let claims = |answer: &str| answer.split_once(',').map(|(_, claims)| claims.trim_end().to_owned());
    for (answer, alone) in together.lines().zip(alone.iter().cycle()) {
        assert_eq!(claims(answer), claims(alone));
    }
    assert_eq!(together.lines().count(), lines.len());
}

#[test]
fn a_text_is_explained_number_by_number() {
    let text = "Attack on Kharkiv\n\nThe attack on Kharkiv killed 12 people on Tuesday, the mayor said. It destroyed 40 cars. Inflation was 5.5 percent.\n";
    let ended =
        fed(&["explain", "-", "--published", "2024-03-15", "--lang", "en", "--conflict", "russia-ukraine"], text);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("✓ 12 →"), "{}", ended.stdout);
    assert!(ended.stdout.contains("rule: killed-people"), "{}", ended.stdout);
    assert!(ended.stdout.contains("✗ not 40: Things"), "{}", ended.stdout);
}

#[test]
fn an_article_is_read_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    std::fs::write(
        &file,
        support::page(
            "A headline",
            "2024-03-15T10:00:00+02:00",
            &"A paragraph that is long enough to be read as one. ".repeat(8),
        ),
    )
    .unwrap();
    let ended = outcome(tollwatch(&["article", "--json", "--url", "https://example.org/a"]).arg(&file));
    let article: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(article["title"], "A headline");
    assert_eq!(article["published"], "2024-03-15T08:00:00Z");
    assert_eq!(article["url"], "https://example.org/a");
    assert!(article["text"].as_str().unwrap().starts_with("A paragraph"));
}

#[test]
fn the_default_configuration_can_be_written_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("config");
    assert_eq!(outcome(tollwatch(&["check", "--write"]).arg(&target)).code, 0);
    let checked = outcome(tollwatch(&["check"]).arg("--config").arg(&target));
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains("configuration OK"), "{}", checked.stdout);
    assert_ne!(outcome(tollwatch(&["check", "--write"]).arg(&target)).code, 0, "existing files are never overwritten");
}

#[test]
fn the_demo_shows_every_kind_of_change() {
    let folder = tempfile::tempdir().unwrap();
    let ended = outcome(tollwatch(&["demo", "--fast", "--dir"]).arg(folder.path().join("demo")));
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for event in [
        "claim.new",
        "claim.seen",
        "claim.step",
        "article.edited",
        "claim.withdrawn",
        "source.failing",
        "source.recovered",
    ] {
        assert!(ended.stderr.contains(event), "no {event}:\n{}\n{}", ended.stdout, ended.stderr);
    }
    assert!(
        ended.stdout.contains("0 findings") && ended.stdout.contains("tollwatch claims --config"),
        "{}",
        ended.stdout
    );
}
