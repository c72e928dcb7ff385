use fastwebsockets::{FragmentCollector, Frame, OpCode, Payload};
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::{CONNECTION, HOST, UPGRADE};
use hyper::Request;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::meter::Meter;
use crate::{connect, secure, Load};

struct OnThisThread;

impl<F: std::future::Future + Send + 'static> hyper::rt::Executor<F> for OnThisThread
where
    F::Output: Send + 'static,
{
    fn execute(&self, future: F) {
        tokio::task::spawn(future);
    }
}

pub async fn run(load: Load) {
    let stream = connect(&load).await;
    if load.tls {
        talk(secure(stream).await, load).await
    } else {
        talk(stream, load).await
    }
}

async fn talk<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(stream: S, load: Load) {
    let request = Request::builder()
        .uri("/")
        .header(HOST, format!("127.0.0.1:{}", load.port))
        .header(UPGRADE, "websocket")
        .header(CONNECTION, "upgrade")
        .header("Sec-WebSocket-Key", fastwebsockets::handshake::generate_key())
        .header("Sec-WebSocket-Version", "13")
        .body(Empty::<Bytes>::new())
        .expect("request");
    let (mut socket, _) = fastwebsockets::handshake::client(&OnThisThread, request, stream).await.expect("handshake");
    socket.set_auto_close(true);
    let mut socket = FragmentCollector::new(socket);
    let text = "x".repeat(load.size);
    let mut meter = Meter::new(load.messages);
    if load.echo {
        send(&mut socket, &text).await;
    }
    loop {
        let frame = socket.read_frame().await.expect("frame");
        if frame.opcode != OpCode::Text {
            continue;
        }
        if meter.hit(frame.payload.len()) {
            return;
        }
        if load.echo {
            send(&mut socket, &text).await;
        }
    }
}

async fn send<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut FragmentCollector<S>, text: &str) {
    socket.write_frame(Frame::text(Payload::Borrowed(text.as_bytes()))).await.expect("send");
}
