use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::tungstenite::Message;

use crate::meter::Meter;
use crate::{connect, secure, Load};

pub async fn run(load: Load) {
    let stream = connect(&load).await;
    if load.tls {
        talk(secure(stream).await, load).await
    } else {
        talk(stream, load).await
    }
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(stream: S, load: Load) {
    let url = format!("ws://127.0.0.1:{}/", load.port);
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.expect("handshake");
    let text = "x".repeat(load.size);
    let mut meter = Meter::new(load.messages);
    if load.echo {
        socket.send(Message::text(text.clone())).await.expect("send");
    }
    while let Some(message) = socket.next().await {
        let message = message.expect("message");
        if !message.is_text() {
            continue;
        }
        if meter.hit(message.len()) {
            return;
        }
        if load.echo {
            socket.send(Message::text(text.clone())).await.expect("send");
        }
    }
    std::process::exit(1);
}
