using JitAccess.Web.Sessions.DataChannel;
using Microsoft.Extensions.Time.Testing;

namespace JitAccess.Web.Tests.Sessions.DataChannel;

public sealed class OutgoingStreamTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly OutgoingStream _stream;

    public OutgoingStreamTests() => _stream = new OutgoingStream(MessageTypes.InputStreamData, _time, MessageFlags.First);

    [Fact]
    public void Messages_AreNumberedFromZero_AndOnlyTheFirstIsMarked()
    {
        Send(3);

        AgentMessage[] taken = [Take()!, Take()!, Take()!];
        Assert.Equal([0L, 1L, 2L], taken.Select(m => m.SequenceNumber));
        Assert.Equal([MessageFlags.First, MessageFlags.None, MessageFlags.None], taken.Select(m => m.Flags));
        Assert.Null(Take());
    }

    [Fact]
    public void OldestUnacknowledged_AfterItsWait_IsDueAgainAlone()
    {
        Send(2);
        AgentMessage first = Take()!;
        Take();
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Null(Take());
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(first.MessageId, Take()!.MessageId);
        Assert.Null(Take());
        Assert.Equal(1, _stream.ResendsOfOldest);
    }

    [Fact]
    public void Acknowledged_OutOfOrder_IsNeverDueAgain()
    {
        Send(3);
        AgentMessage[] taken = [Take()!, Take()!, Take()!];
        Acknowledge(taken[0]);
        Acknowledge(taken[2]);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(1, Take()!.SequenceNumber);
        Acknowledge(taken[1]);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(Take());
        Assert.Equal(0, _stream.Unacknowledged);
    }

    [Fact]
    public void Acknowledgement_Repeated_IsNoNews()
    {
        Send(1);
        AgentMessage message = Take()!;
        Assert.True(Acknowledge(message));
        Assert.False(Acknowledge(message));
    }

    [Fact]
    public void NewConnection_MakesEverythingUnacknowledgedDue_InOrderAndBeforeNewMessages()
    {
        Send(3);
        AgentMessage[] taken = [Take()!, Take()!, Take()!];
        Acknowledge(taken[1]);
        Send(1);
        _stream.SendAllAgain();

        Assert.Equal([0L, 2L, 3L], new[] { Take()!, Take()!, Take()! }.Select(m => m.SequenceNumber));
        Assert.Null(Take());
    }

    [Fact]
    public void Wait_LearnsFromRoundTrips_UpToOneSecond()
    {
        RetransmissionTimeout timeout = new();
        Assert.Equal(TimeSpan.FromMilliseconds(200), timeout.Current);

        // rttv = ¼·|100 − 20| = 20, rtt = ⅞·100 + ⅛·20 = 90, wait = 90 + 4·20
        timeout.Observe(TimeSpan.FromMilliseconds(20));
        Assert.Equal(TimeSpan.FromMilliseconds(170), timeout.Current);

        for (int i = 0; i < 100; i++)
            timeout.Observe(TimeSpan.FromMilliseconds(1));
        Assert.InRange(timeout.Current, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(12));

        timeout.Observe(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromSeconds(1), timeout.Current);
    }

    private void Send(int count)
    {
        for (int i = 0; i < count; i++)
            _stream.Enqueue(PayloadType.Output, new byte[] { 1 });
    }

    private AgentMessage? Take()
    {
        if (!_stream.TryTakeDue(out ReadOnlyMemory<byte> frame))
            return null;
        Assert.True(AgentMessage.TryParse(frame, out AgentMessage? message, out _));
        return message;
    }

    private bool Acknowledge(AgentMessage message) =>
        _stream.Acknowledge(new Acknowledge(message.MessageType, message.MessageId, message.SequenceNumber), out _);
}
