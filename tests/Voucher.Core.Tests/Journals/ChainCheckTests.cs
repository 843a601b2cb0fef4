using System.Security.Cryptography;
using Voucher.Core.Journals;
using Voucher.Core.Wire;

namespace Voucher.Core.Tests.Journals;

public sealed class ChainCheckTests : IDisposable
{
    private readonly TestJournal _journal = new();

    public static TheoryData<string, Func<JournalRecord, JournalRecord>> Tampering => new()
    {
        { "sequence", record => record with { Sequence = record.Sequence + 1 } },
        { "kind", record => record with { Kind = JournalEntryKind.Correction } },
        { "entry id", record => record with { EntryId = Guid.NewGuid() } },
        { "content", record => record with { Content = record.Content + " " } },
        { "previous hash", record => record with { PreviousHash = [.. record.PreviousHash.Select(one => (byte)(one ^ 1))] } },
        { "boot", record => record with { BootId = Guid.NewGuid() } },
        { "monotonic clock", record => record with { MonotonicMs = record.MonotonicMs + 1 } },
        { "wall clock", record => record with { WallMs = record.WallMs - 1 } },
        { "checkpoint", record => record with { CheckpointMs = 1 } },
        { "signature", record => record with { Signature = [.. record.Signature.Select(one => (byte)(one ^ 1))] } },
    };

    [Theory]
    [MemberData(nameof(Tampering))]
    public void No_field_of_an_entry_can_be_changed(string field, Func<JournalRecord, JournalRecord> tamper)
    {
        _journal.Hold(_journal.Next());
        var honest = _journal.Next("""{"a":1}""");
        Assert.IsType<ChainStep.Next>(_journal.Check(honest));
        var step = _journal.Check(tamper(honest));
        Assert.True(step is ChainStep.Broken { IsSignatureFalse: true }, $"{field}: {step}");
    }

    [Fact]
    public void Whether_the_desk_was_told_is_learnt_later_and_is_no_part_of_the_chain()
    {
        var entry = _journal.Next();
        Assert.Equal(entry.Hash(), (entry with { IsProvisional = false }).Hash());
        _journal.Hold(entry);
        Assert.IsType<ChainStep.Known>(_journal.Check(entry with { IsProvisional = false }));
    }

    [Fact]
    public void Another_key_signs_nothing_for_this_device()
    {
        using var other = new TestJournal();
        Assert.Equal(new ChainStep.Broken(IsSignatureFalse: true), _journal.Check(other.Next()));
    }

    [Fact]
    public void A_journal_begins_after_nothing_and_goes_on_entry_by_entry()
    {
        for (var i = 0; i < 20; i++)
        {
            var entry = _journal.Next();
            Assert.Equal(entry.Hash(), Assert.IsType<ChainStep.Next>(_journal.Check(entry)).Hash);
            _journal.Hold(entry);
        }
    }

    [Fact]
    public void Every_entry_that_is_held_is_known_again_however_old()
    {
        var held = Enumerable.Range(0, 10).Select(_ => _journal.Hold(_journal.Next())).ToList();
        Assert.All(held, entry => Assert.IsType<ChainStep.Known>(_journal.Check(entry)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50)]
    public void After_a_gap_it_is_said_from_where_to_send(int ahead)
    {
        _journal.Hold(_journal.Next());
        var entry = _journal.Write(1 + ahead, SHA256.HashData("not come yet"u8));
        Assert.Equal(new ChainStep.Missing(2), _journal.Check(entry));
    }

    [Fact]
    public void What_has_the_next_number_and_follows_nothing_is_broken()
    {
        _journal.Hold(_journal.Next());
        Assert.Equal(new ChainStep.Broken(IsSignatureFalse: false), _journal.Check(_journal.Write(2, SHA256.HashData("elsewhere"u8))));
    }

    [Fact]
    public void A_second_history_under_a_number_that_is_held_is_a_fork()
    {
        var first = _journal.Hold(_journal.Next());
        _journal.Hold(_journal.Next());
        _journal.Hold(_journal.Next());
        Assert.IsType<ChainStep.Forked>(_journal.Check(_journal.Write(2, first.Hash(), """{"other":true}""")));
        Assert.IsType<ChainStep.Forked>(_journal.Check(_journal.Write(1, ChainHead.None.Hash, """{"other":true}""")));
        Assert.IsType<ChainStep.Forked>(_journal.Check(_journal.Write(3, SHA256.HashData("elsewhere"u8))));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(9)]
    public void A_disk_that_was_set_back_and_counts_on_is_found(int sequence)
    {
        var first = _journal.Hold(_journal.Next());
        _journal.Hold(_journal.Next());
        _journal.Hold(_journal.Next());
        Assert.IsType<ChainStep.RolledBack>(_journal.Check(_journal.Write(sequence, first.Hash())));
        Assert.IsType<ChainStep.RolledBack>(_journal.Check(_journal.Write(sequence, ChainHead.None.Hash)));
    }

    [Fact]
    public void Numbers_that_were_left_out_after_the_head_are_a_disk_that_was_set_back()
    {
        Assert.IsType<ChainStep.Next>(_journal.Check(_journal.Write(12, ChainHead.None.Hash)));
        _journal.Hold(_journal.Next());
        Assert.IsType<ChainStep.RolledBack>(_journal.Check(_journal.Write(5, _journal.Head.Hash)));
    }

    /// <summary>Else a bad entry that overtakes honest ones would stop the terminal before they are here.</summary>
    [Fact]
    public void What_comes_before_its_turn_is_not_judged()
    {
        _journal.Hold(_journal.Next());
        var early = _journal.Write(4, SHA256.HashData("not come yet"u8)) with { Signature = new byte[ChainLink.SignatureLength] };
        Assert.Equal(new ChainStep.Missing(2), _journal.Check(early));
    }

    public void Dispose() => _journal.Dispose();
}
