using Voucher.Core.Refusals;

namespace Voucher.Core.Tests.Refusals;

public sealed class OutcomeTests
{
    private static readonly Refusal NotFound = Refusal.Of(RefusalCode.NotFound);

    [Fact]
    public void A_value_a_refusal_and_field_errors_each_become_their_own_outcome()
    {
        Outcome<int> done = 7;
        Outcome<int> refused = NotFound;
        Outcome<int> bad = new List<FieldError> { new("name", new Words("必填", "Required")) };
        Assert.Equal(7, Assert.IsType<Outcome<int>.Done>(done).Value);
        Assert.Same(NotFound, Assert.IsType<Outcome<int>.Refused>(refused).Refusal);
        Assert.Equal("name", Assert.Single(Assert.IsType<Outcome<int>.BadInput>(bad).Errors).Field);
    }

    [Fact]
    public void OrThrow_gives_the_value_or_a_fault_that_names_the_refusal_or_the_fields()
    {
        Outcome<string> done = "ok";
        Outcome<string> refused = NotFound;
        Outcome<string> bad = new List<FieldError> { new("name", new Words("必填", "Required")), new("phone", new Words("格式", "Format")) };
        Assert.Equal("ok", done.OrThrow());
        Assert.Equal("Refused: NotFound.", Assert.Throws<InvalidOperationException>(() => refused.OrThrow()).Message);
        Assert.Equal("Bad input: name, phone.", Assert.Throws<InvalidOperationException>(() => bad.OrThrow()).Message);
    }

    [Fact]
    public void Nothing_to_return_is_a_value_too()
    {
        Outcome<Nothing> done = Nothing.Value;
        Assert.Equal(Nothing.Value, done.OrThrow());
    }
}
